import type { Payload, ReturnUrl } from './payload.ts'

/**
 * The return URLs with their placeholders filled in: `{id}`, `{cid}` (URL-encoded), `{txid}`, `{txblob}`. What is not
 * known yet becomes empty.
 */
export const returnUrls = (payload: Pick<Payload, 'id' | 'customMeta' | 'outcome' | 'request'>): ReturnUrl => {
  const signed = payload.outcome?.kind === 'signed' ? payload.outcome.signature : null
  const values: Record<string, string> = {
    id: payload.id,
    cid: encodeURIComponent(payload.customMeta.identifier ?? ''),
    txid: signed?.txid ?? '',
    txblob: signed?.hex ?? '',
  }
  // one pass, so that a value which looks like a placeholder is not filled in again
  const fill = (url: string | null): string | null =>
    url === null ? null : url.replace(/\{(id|cid|txid|txblob)\}/g, (_, name: string) => values[name]!)
  const { app, web } = payload.request.returnUrl
  return { app: fill(app), web: fill(web) }
}
