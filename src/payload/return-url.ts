import type { Payload, ReturnUrl } from './payload.ts'

/**
 * In characters. No browser takes longer ones; without a bound, a few hundred `{txblob}` in one URL would make every
 * message about the resolution many megabytes long.
 */
const longestFilled = 32_768

/**
 * The return URLs with their placeholders filled in: `{id}`, `{cid}` (URL-encoded), `{txid}`, `{txblob}`. What is not
 * known yet becomes empty, and so does a `{txblob}` that would make the URL longer than any browser takes.
 */
export const returnUrls = (payload: Pick<Payload, 'id' | 'customMeta' | 'outcome' | 'request'>): ReturnUrl => {
  const signed = payload.outcome?.kind === 'signed' ? payload.outcome.signature : null
  const values = {
    id: payload.id,
    cid: encodeURIComponent(payload.customMeta.identifier ?? ''),
    txid: signed?.txid ?? '',
    txblob: signed?.hex ?? '',
  }
  const fill = (url: string | null): string | null => {
    if (url === null) return null
    const filled = filledIn(url, values)
    return filled.length <= longestFilled ? filled : filledIn(url, { ...values, txblob: '' })
  }
  const { app, web } = payload.request.returnUrl
  return { app: fill(app), web: fill(web) }
}

/** In one pass, so that a value which looks like a placeholder is not filled in again. */
const filledIn = (url: string, values: Readonly<Record<string, string>>): string =>
  url.replace(/\{(id|cid|txid|txblob)\}/g, (_, name: string) => values[name]!)
