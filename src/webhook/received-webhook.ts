/** A webhook as a receiver has it. */
export interface ReceivedWebhook {
  /** As Node, a web framework or `fetch` gives them; names in any case. */
  readonly headers: ReceivedHeaders
  /** The raw body; or what `JSON.stringify(JSON.parse(body))` makes of it, which is the same text. */
  readonly body: string | Uint8Array
  /** The application's API secret, or its `whsec_…` form. */
  readonly secret: string
  /** Milliseconds since 1970; the clock's time when left out. */
  readonly now?: number
  /** How far the time in the headers may be off, in milliseconds; five minutes when left out. */
  readonly tolerance?: number
}

export type ReceivedHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>

export const defaultTolerance = 300_000

/** Of one scheme; a header that is missing or was repeated is null. */
export interface SignatureHeaders {
  readonly timestamp: string | null
  readonly signature: string | null
}

export const compatibleHeaders = (headers: ReceivedHeaders): SignatureHeaders => ({
  timestamp: headerOf(headers, 'x-xumm-request-timestamp'),
  signature: headerOf(headers, 'x-xumm-request-signature'),
})

export const standardHeaders = (headers: ReceivedHeaders): SignatureHeaders & { readonly id: string | null } => ({
  id: headerOf(headers, 'webhook-id'),
  timestamp: headerOf(headers, 'webhook-timestamp'),
  signature: headerOf(headers, 'webhook-signature'),
})

const headerOf = (headers: ReceivedHeaders, name: string): string | null => {
  if (headers instanceof Headers) return headers.get(name)
  const value = Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1]
  if (typeof value === 'string') return value
  return value?.length === 1 ? value[0]! : null
}
