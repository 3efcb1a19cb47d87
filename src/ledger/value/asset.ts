import type { Json } from '../../json.ts'
import { readAccount } from './account.ts'
import { readHash } from './hex.ts'
import { clear, hasKeys, readMembers, unclear, type Reader } from './reading.ts'

const native = '0'.repeat(40)

/** Source: xrpl.org, "Currency Formats", less the two brackets that the codec does not write back as letters. */
const isoCode = /^[A-Za-z0-9?!@#$%^&*(){}[\]|]{3}$/

/** The 20 bytes that a currency is on the ledger; null when it is none. */
const currencyBytes = (value: Json): string | null => {
  if (typeof value !== 'string') return null
  if (value === 'XRP') return native
  if (isoCode.test(value))
    return `${'0'.repeat(24)}${Buffer.from(value, 'latin1').toString('hex').toUpperCase()}${'0'.repeat(10)}`
  return /^[0-9a-fA-F]{40}$/.test(value) ? value.toUpperCase() : null
}

/** A currency, the native one included: three characters, or 40 hex digits, which the codec wants in upper case. */
export const readCurrency: Reader = (value) => {
  const bytes = currencyBytes(value)
  if (bytes === null) return unclear('has to be a currency: three characters, or 40 hex digits')
  return clear(typeof value === 'string' && value.length === 40 ? bytes : value, bytes)
}

/** A currency that somebody issues. */
export const readIssuedCurrency: Reader = (value) =>
  currencyBytes(value) === native
    ? unclear('cannot be the native currency where there is an issuer')
    : readCurrency(value)

const nativeIssue: Record<string, Reader> = {
  currency: (value) => (currencyBytes(value) === native ? readCurrency(value) : unclear('needs an issuer beside it')),
}
const issuedIssue: Record<string, Reader> = { currency: readIssuedCurrency, issuer: readAccount }
const tokenIssue: Record<string, Reader> = { mpt_issuance_id: readHash(24) }

/** An asset without an amount. */
export const readIssue: Reader = (value) => {
  for (const members of [nativeIssue, issuedIssue, tokenIssue]) {
    if (hasKeys(value, ...Object.keys(members))) return readMembers(value, (name) => members[name]!)
  }
  return unclear('has to be an asset: {currency}, {currency, issuer} or {mpt_issuance_id}')
}

const bridge: Record<string, Reader> = {
  LockingChainDoor: readAccount,
  LockingChainIssue: readIssue,
  IssuingChainDoor: readAccount,
  IssuingChainIssue: readIssue,
}

export const readBridge: Reader = (value) =>
  hasKeys(value, ...Object.keys(bridge))
    ? readMembers(value, (name) => bridge[name]!)
    : unclear(`has to be an object of ${Object.keys(bridge).join(', ')}`)
