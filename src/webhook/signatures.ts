import { createHmac } from 'node:crypto'

/**
 * The key of the compatible signature: the API secret with only its first dash removed, which is what the published
 * sample's `secret.replace('-', '')` computes. Source: docs.xumm.dev, "Signature verification".
 */
export const compatibleKey = (secret: string): string => secret.replace('-', '')

/**
 * The value of `x-xumm-request-signature`: HMAC-SHA1 in lower-case hex.
 *
 * @param secret the API secret, a UUID
 * @param timestamp Unix seconds, as text
 */
export const compatibleSignature = (secret: string, timestamp: string, body: string | Uint8Array): string =>
  createHmac('sha1', compatibleKey(secret)).update(timestamp).update(body).digest('hex')

const secretPrefix = 'whsec_'

/** The API secret in the form that Standard Webhooks libraries take: `whsec_` and base64 of its 36 characters. */
export const standardSecret = (secret: string): string => secretPrefix + Buffer.from(secret).toString('base64')

/** The API secret back from its Standard Webhooks form; any other text is returned as it is. */
export const apiSecret = (secret: string): string =>
  secret.startsWith(secretPrefix) ? Buffer.from(secret.slice(secretPrefix.length), 'base64').toString() : secret

/**
 * One value of `webhook-signature`: `v1,` and HMAC-SHA256 in base64. Source: the Standard Webhooks specification,
 * "Signature scheme".
 *
 * @param id the `webhook-id`
 */
export const standardSignature = (secret: string, id: string, timestamp: string, body: string | Uint8Array): string =>
  `v1,${createHmac('sha256', secret).update(`${id}.${timestamp}.`).update(body).digest('base64')}`
