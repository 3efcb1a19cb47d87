import { createHash } from 'node:crypto'
import { decode, encode } from 'ripple-binary-codec'
import type { JsonObject } from '../json.ts'
import { definitionsOf } from './definitions.ts'
import { isBoundedObject, maxBlobBytes } from './scan-blob.ts'
import type { LedgerFamily } from './template.ts'

declare const decoded: unique symbol

/** A transaction as it was signed: its hex is proven to be the one and only encoding of its JSON. */
export interface DecodedTransaction {
  readonly [decoded]: true
  readonly family: LedgerFamily
  /** Upper case. */
  readonly hex: string
  /** The transaction id: 64 upper-case hex digits. */
  readonly hash: string
  /** As the codec writes it, so equal fields are equal JSON and the other way round. A SignIn has no TransactionType. */
  readonly json: JsonObject
}

/** "TXN" and a zero byte, under which the id is hashed. Source: xrpl.org, "Basic Data Types: Hash Prefixes". */
const transactionIdPrefix = Buffer.from('54584E00', 'hex')

/** The first half of SHA-512, 32 bytes. */
export const sha512Half = (...parts: readonly Uint8Array[]): Buffer => {
  const hash = createHash('sha512')
  for (const part of parts) hash.update(part)
  return hash.digest().subarray(0, 32)
}

/**
 * The fields that hex stands for. Null when it is no hex, not well formed, unknown to these definitions, or longer, deeper
 * or in more pieces than any real transaction.
 *
 * @param hex upper or lower case
 */
export const decodeFields = (hex: string, family: LedgerFamily): JsonObject | null => {
  if (hex.length === 0 || hex.length > 2 * maxBlobBytes || hex.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(hex)) {
    return null
  }
  const definitions = definitionsOf(family)
  // the codec copies the rest of the blob at every read, so what it is given has to be bounded first
  if (!isBoundedObject(Buffer.from(hex, 'hex'), definitions)) return null
  try {
    return decode(hex, definitions) as JsonObject
  } catch {
    return null
  }
}

/** Decodes a serialised transaction, whoever it comes from. Null as above, or when it is not encoded canonically. */
export const decodeTransaction = (hex: string, family: LedgerFamily): DecodedTransaction | null => {
  const json = decodeFields(hex, family)
  const upper = hex.toUpperCase()
  if (json === null || encodeFields(json, family) !== upper) return null
  const hash = sha512Half(transactionIdPrefix, Buffer.from(hex, 'hex')).toString('hex').toUpperCase()
  return { family, hex: upper, hash, json } as DecodedTransaction
}

/** Upper-case hex; null when the codec refuses. */
export const encodeFields = (fields: JsonObject, family: LedgerFamily): string | null => {
  try {
    return encode(fields, definitionsOf(family))
  } catch {
    return null
  }
}
