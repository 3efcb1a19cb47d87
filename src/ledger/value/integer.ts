import type { Json } from '../../json.ts'
import { clear, unclear, type Reader } from './reading.ts'

/**
 * A whole number in a range, written as a number or as a string of digits, which becomes a number. (The codec reads
 * strings as far as it gets, and writes 0 where it gets nowhere.)
 */
export const readInteger =
  (min: number, max: number): Reader =>
  (value) => {
    const number = typeof value === 'string' && /^-?[0-9]{1,10}$/.test(value) ? Number(value) : value
    return typeof number === 'number' && Number.isInteger(number) && number >= min && number <= max
      ? clear(number + 0)
      : unclear(`has to be a whole number from ${min} to ${max}`)
  }

const max64 = 2n ** 64n - 1n

/** Amounts of multi-purpose tokens, which the ledger writes in decimal. Source: XRPLF/rippled, sfields.macro, sMD_BaseTen. */
const decimal64: ReadonlySet<string> = new Set([
  'MaximumAmount',
  'OutstandingAmount',
  'MPTAmount',
  'LockedAmount',
  'ConfidentialOutstandingAmount',
])

const toBigInt = (value: Json): bigint | null => {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? BigInt(value) : null
  return typeof value === 'string' && /^[0-9]{1,20}$/.test(value) ? BigInt(value) : null
}

const readDecimal64: Reader = (value) => {
  const number = toBigInt(value)
  return number !== null && number <= max64
    ? clear(String(number))
    : unclear('has to be a whole number of up to 64 bits, in decimal')
}

const readHex64: Reader = (value) => {
  const hex = typeof value === 'number' ? toBigInt(value)?.toString(16) : value
  return typeof hex === 'string' && /^[0-9a-fA-F]{1,16}$/.test(hex)
    ? clear(value, hex.toUpperCase().padStart(16, '0'))
    : unclear('has to be up to 16 hex digits, or a whole number')
}

/** A 64-bit number, which JSON cannot carry: hex digits, but for some fields decimal ones. */
export const readUInt64 = (fieldName: string): Reader => (decimal64.has(fieldName) ? readDecimal64 : readHex64)
