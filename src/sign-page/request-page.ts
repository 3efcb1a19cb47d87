import type { Application } from '../application/application.ts'
import { expiryOf, secondsLeft } from '../payload/expiry.ts'
import type { Payload } from '../payload/payload.ts'
import type { Found } from '../payload/payload-store.ts'
import { returnUrls } from '../payload/return-url.ts'
import type { Document } from './document.ts'
import { html, readableJson, type Html } from './html.ts'
import { readableTime, requestFields } from './request-fields.ts'
import { isOver, standingOf, type Standing } from './standing.ts'
import { fill, type Words } from './words.ts'

export interface RequestView extends Found {
  readonly application: Application
  /** One that may be loaded, or null. */
  readonly iconUrl: string | null
  /** An `<svg>`. */
  readonly qr: Html
  readonly socketUrl: string
  readonly deepLink: string
  /** The page that always shows the code never opens the wallet by itself. */
  readonly codeOnly: boolean
}

/** The sign request as the person who signs meets it. Nothing on it is secret: whoever knows the id may see it. */
export const requestPage = (view: RequestView, words: Words): Document => {
  const { payload, now, application, codeOnly } = view
  const { transactionType } = payload.request.template
  const standing = standingOf(payload, now)
  const type = words.transactionTypes[transactionType] ?? transactionType
  return {
    title: `${type} · ${application.name}`,
    live: true,
    body: html` <main
      data-id="${payload.id}"
      data-standing="${standing}"
      data-socket="${view.socketUrl}"
      data-seconds-left="${secondsLeft(expiryOf(payload), now)}"
      data-wallet="${codeOnly ? null : view.deepLink}"
      class="${codeOnly ? 'code-first' : 'wallet-first'}"
    >
      <header>
        ${view.iconUrl === null ? null : html`<img src="${view.iconUrl}" alt="" width="48" height="48" />`}
        <div>
          <p><bdi>${application.name}</bdi> ${words.asks}</p>
          <h1><bdi>${type}</bdi></h1>
        </div>
      </header>
      ${status(view, standing, words)} ${isOver(standing) ? null : scan(view, words)} ${details(payload, words)}
      <footer><p>${words.safety}</p></footer>
    </main>`,
  }
}

/** What is going on; the script goes on writing where this begins, and a screen reader says it. */
const status = ({ payload }: Found, standing: Standing, words: Words): Html =>
  html` <section class="status">
    <p role="status" data-words="${JSON.stringify(words.standing)}">${words.standing[standing]}</p>
    <p data-offline hidden>${words.offline}</p>
    ${standing === 'waiting' ? deadline(expiryOf(payload), words) : null} ${transaction(payload, words)}
    ${onward(payload, words)}
    ${
      isOver(standing)
        ? null
        : html`<noscript
            ><p>${words.withoutScript} <a href="">${words.reload}</a></p></noscript
          >`
    }
  </section>`

const deadline = (expiry: number, words: Words): Html =>
  html` <p data-deadline>
    ${words.openBy} <time datetime="${new Date(expiry).toISOString()}">${readableTime(expiry)}</time>
    <span data-time-left="${words.timeLeft}"></span>
  </p>`

const transaction = ({ outcome }: Payload, words: Words): Html | null =>
  outcome?.kind === 'signed' && outcome.signature.txid !== null
    ? html`<p>${words.transactionId} <code>${outcome.signature.txid}</code></p>`
    : null

/** The way on to the application; until the request is resolved it is empty, for the script to fill in. */
const onward = (payload: Payload, words: Words): Html | null => {
  if (payload.outcome === null) {
    return html`<p class="onward"><a data-onward="${words.continueTo}" data-going="${words.goingTo}"></a></p>`
  }
  const url = webUrl(returnUrls(payload).web)
  return (
    url &&
    html`<p class="onward"><a data-onward href="${url.href}">${fill(words.continueTo, { host: url.host })}</a></p>`
  )
}

/** The scheme was checked when the payload was created; what a page links to is checked here again. */
const webUrl = (text: string | null): URL | null => {
  const url = text === null ? null : URL.parse(text)
  return url?.protocol === 'https:' || url?.protocol === 'http:' ? url : null
}

const scan = (view: RequestView, words: Words): Html =>
  html` <section class="scan">
    <p class="open"><a href="${view.deepLink}">${words.openWallet}</a></p>
    <figure>
      <div role="img" aria-label="${words.qrAlternative}">${view.qr}</div>
      <figcaption>${words.scan}</figcaption>
    </figure>
  </section>`

const details = ({ request, customMeta }: Payload, words: Words): Html => {
  const rows = requestFields(request, words).map(
    ({ label, value, verbatim }) =>
      html` <div>
        <dt>${label}</dt>
        <dd>${verbatim ? html`<code>${value}</code>` : html`<bdi>${value}</bdi>`}</dd>
      </div>`,
  )
  return html` <section class="details" aria-label="${words.details}">
    ${instruction(customMeta.instruction, words)} ${rows.length === 0 ? null : html`<dl>${rows}</dl>`}
    <details>
      <summary>${words.asJson}</summary>
      <pre tabindex="0" dir="ltr"><code>${readableJson(request.template.json)}</code></pre>
    </details>
  </section>`
}

const instruction = (text: string | null, words: Words): Html | null =>
  text === null || text === ''
    ? null
    : html`<blockquote aria-label="${words.instruction}"><bdi>${text}</bdi></blockquote>`
