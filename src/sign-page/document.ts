import type { AssetName } from './assets.ts'
import { html, type Html } from './html.ts'
import type { Words } from './words.ts'

/** Where the page finds a file of its own. */
export type AssetLink = (name: AssetName) => string

export interface Document {
  readonly title: string
  readonly body: Html
  /** Whether the page follows what happens; a page that tells of an error does not. */
  readonly live: boolean
}

/** The frame of every page; the document is plain HTML that reads well without its style and script. */
export const document = ({ title, body, live }: Document, words: Words, asset: AssetLink): string => {
  const script = html`<script type="module" src="${asset('sign-page.js')}"></script>`
  return html`<!doctype html>
    <html lang="${words.language}" dir="${words.direction}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <meta name="format-detection" content="telephone=no" />
        <title>${title}</title>
        <link rel="icon" href="${asset('icon.svg')}" />
        <link rel="stylesheet" href="${asset('sign-page.css')}" />
        ${live ? script : null}
      </head>
      <body>
        ${body}
      </body>
    </html> `.html
}

/** A page that only says something: no such request, or a fault. */
export const notice = ({ title, text }: { readonly title: string; readonly text: string }): Document => ({
  title,
  live: false,
  body: html`<main class="notice">
    <h1>${title}</h1>
    <p>${text}</p>
  </main>`,
})
