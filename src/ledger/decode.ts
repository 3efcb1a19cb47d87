import { createHash } from 'node:crypto'
import { decode as decodeJson, encode as encodeJson } from 'ripple-binary-codec'
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

/** What the ledger hashes a transaction with its signatures under ("TXN" and a zero byte). Source: xrpl.org, "Basic Data Types: Hash Prefixes". */
const transactionIdPrefix = Buffer.from('54584E00', 'hex')

/** The first half of SHA-512, 32 bytes. */
export const sha512Half = (...parts: readonly Uint8Array[]): Buffer => {
  const hash = createHash('sha512')
  for (const part of parts) hash.update(part)
  return hash.digest().subarray(0, 32)
}

/**
 * Decodes a serialised transaction, whoever it comes from. Null when it is no hex, longer than 128 KiB, not well formed,
 * nested or split into more fields than any real transaction, unknown to these definitions, or not encoded canonically.
 *
 * @param hex upper or lower case
 */
export const decodeTransaction = (hex: string, family: LedgerFamily): DecodedTransaction | null => {
  if (hex.length === 0 || hex.length > 2 * maxBlobBytes || hex.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(hex)) {
    return null
  }
  const definitions = definitionsOf(family)
  const bytes = Buffer.from(hex, 'hex')
  // the codec copies the rest of the blob at every read, so what it is given has to be bounded first
  if (!isBoundedObject(bytes, definitions)) return null
  const upper = hex.toUpperCase()
  try {
    const json = decodeJson(upper, definitions) as JsonObject
    if (encodeJson(json, definitions) !== upper) return null
    const hash = sha512Half(transactionIdPrefix, bytes).toString('hex').toUpperCase()
    return { family, hex: upper, hash, json } as DecodedTransaction
  } catch {
    return null
  }
}
