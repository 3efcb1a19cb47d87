import { timingSafeEqual } from 'node:crypto'
import { readUuid } from '../uuid.ts'
import { compatibleHeaders, defaultTolerance, standardHeaders, type ReceivedWebhook } from './received-webhook.ts'
import { apiSecret, compatibleSignature, standardSignature } from './signatures.ts'

export type WebhookVerdict = WebhookAccepted | WebhookRefused

export interface WebhookAccepted {
  readonly valid: true
  /** By which headers: `webhook-…` or `x-xumm-request-…`. */
  readonly scheme: 'standard' | 'compatible'
  /** When the attempt was made, in milliseconds since 1970. */
  readonly sentAt: number
}

export interface WebhookRefused {
  readonly valid: false
  readonly reason: keyof typeof sentences
  /** One sentence for whoever debugs the receiver. */
  readonly message: string
}

const sentences = {
  secretMalformed: 'The secret is neither an API secret, a UUID, nor the whsec_ form of one.',
  headersMissing: 'The signature headers are missing, those of Standard Webhooks as well as the compatible ones.',
  timestampMalformed: 'The timestamp header is no whole number of seconds.',
  timestampTooOld: 'The webhook was sent too long ago: a replay, or a clock that is ahead.',
  timestampTooNew: 'The webhook was sent in the future: a clock that is behind.',
  signatureMismatch: 'The signature does not belong to this body, time and secret.',
} as const

const refused = (reason: WebhookRefused['reason']): WebhookRefused => ({
  valid: false,
  reason,
  message: sentences[reason],
})

/**
 * Whether a webhook was sent by the server that shares this secret, a short while ago. Either signature will do; the one
 * of Standard Webhooks is tried first. Signatures are compared in constant time.
 */
export const verifyWebhook = (received: ReceivedWebhook): WebhookVerdict => {
  const secret = readUuid(apiSecret(received.secret))
  if (secret === null) return refused('secretMalformed')
  const verdicts = [verifyStandard(received, secret), verifyCompatible(received, secret)].filter((one) => one !== null)
  return verdicts.find(({ valid }) => valid) ?? verdicts[0] ?? refused('headersMissing')
}

/** Null when its headers are missing. */
type VerifyScheme = (received: ReceivedWebhook, secret: string) => WebhookVerdict | null

const verifyStandard: VerifyScheme = (received, secret) => {
  const { id, timestamp, signature } = standardHeaders(received.headers)
  if (id === null || timestamp === null || signature === null) return null
  const expected = standardSignature(secret, id, timestamp, received.body)
  // during a rotation there is a signature for each secret
  const holds = signature.split(' ').some((one) => equal(one, expected))
  return judge(received, 'standard', timestamp, holds)
}

const verifyCompatible: VerifyScheme = (received, secret) => {
  const { timestamp, signature } = compatibleHeaders(received.headers)
  if (timestamp === null || signature === null) return null
  const holds = equal(signature, compatibleSignature(secret, timestamp, received.body))
  return judge(received, 'compatible', timestamp, holds)
}

const judge = (
  { now = Date.now(), tolerance = defaultTolerance }: ReceivedWebhook,
  scheme: WebhookAccepted['scheme'],
  timestamp: string,
  holds: boolean,
): WebhookVerdict => {
  // digits only: between the time and the body of the compatible signature stands nothing that would tell them apart
  if (!/^\d{1,12}$/.test(timestamp)) return refused('timestampMalformed')
  if (!holds) return refused('signatureMismatch')
  const sentAt = Number(timestamp) * 1000
  if (now - sentAt > tolerance) return refused('timestampTooOld')
  if (sentAt - now > tolerance) return refused('timestampTooNew')
  return { valid: true, scheme, sentAt }
}

const equal = (one: string, other: string): boolean => {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
