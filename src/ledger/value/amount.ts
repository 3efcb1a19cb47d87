import type { Json } from '../../json.ts'
import { readAccount } from './account.ts'
import { readIssuedCurrency } from './asset.ts'
import { readDecimal } from './decimal.ts'
import { readHash } from './hex.ts'
import { clear, hasKeys, readMembers, unclear, type Reader } from './reading.ts'

/** Of either ledger's native currency: what there ever was of it, in drops. */
const maxDrops = 10n ** 17n
const maxTokens = 2n ** 63n - 1n

const readWhole =
  (max: bigint, pattern: RegExp, wanted: string): Reader =>
  (value) => {
    const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value
    if (typeof text !== 'string' || !pattern.test(text)) return unclear(wanted)
    const amount = BigInt(text)
    return (amount < 0n ? -amount : amount) <= max ? clear(text, String(amount)) : unclear(wanted)
  }

const drops = 'has to be whole drops as a string of digits, or an object of an issued amount'

/** Native money. */
export const readDrops = readWhole(maxDrops, /^[0-9]{1,20}$/, 'has to be whole drops as a string of digits')
const readAmountOfDrops = readWhole(maxDrops, /^[0-9]{1,20}$/, drops)

const issued: Record<string, Reader> = { currency: readIssuedCurrency, issuer: readAccount, value: readDecimal }
const token: Record<string, Reader> = {
  mpt_issuance_id: readHash(24),
  value: readWhole(maxTokens, /^[0-9]{1,20}$/, 'has to be a whole number as a string of digits'),
}

/** Drops, an issued amount or an amount of a multi-purpose token; numbers become strings. */
export const readAmount: Reader = (value) => {
  if (hasKeys(value, ...Object.keys(issued))) return readMembers(value, (name) => issued[name]!)
  if (hasKeys(value, ...Object.keys(token))) return readMembers(value, (name) => token[name]!)
  return readAmountOfDrops(value)
}

/** A change of a native amount, up or down. */
export const readSignedDrops = readWhole(maxDrops, /^-?[0-9]{1,20}$/, 'has to be whole drops as a string of digits')

/** True for an amount of nothing, in the codec's own form; the value the user is to enter. */
export const isZeroAmount = (amount: Json): boolean =>
  amount === '0' || (typeof amount === 'object' && amount !== null && 'value' in amount && amount['value'] === '0')
