import { createHash } from 'node:crypto'
import type { Json, JsonObject } from '../json.ts'

/** The one algorithm that the wallet names in `X-Xaman-Digest`. */
export const walletDigestAlgorithm = 'DigestSerializeWithSHA1'

/**
 * The text that is hashed: keys sorted as JavaScript sorts them (by UTF-16 code units), written before their values.
 * Every number is written as JSON writes it, so `1.0` and `1e0` are `1`.
 *
 * Source: XRPL-Labs/Xaman-App, src/common/libs/payload/digest/serialize.ts. It has no text for null, nor have we: the
 * template check drops nulls, so one here is a fault of ours.
 */
export const serializeForDigest = (value: Json): string => {
  if (value === null) throw new TypeError('null has no digest')
  if (Array.isArray(value)) return `[${value.map(serializeForDigest).join(',')}]`
  if (typeof value !== 'object') return JSON.stringify(value)
  const keys = Object.keys(value).sort()
  const values = keys.map((key) => `${serializeForDigest(value[key]!)},`)
  return `{${JSON.stringify(keys)}${values.join('')}}`
}

const sha1 = (text: string): string => createHash('sha1').update(text, 'utf8').digest('hex')

/**
 * What the wallet compares the request it was given with: lower-case hex, 40 digits, another for each device.
 *
 * @param requestJson as this very wallet receives it
 * @param uniqueDeviceIdentifier as the device gave it at its activation
 */
export const walletDigest = (requestJson: JsonObject, uniqueDeviceIdentifier: string): string =>
  sha1(`${sha1(serializeForDigest(requestJson))}+${uniqueDeviceIdentifier}`)
