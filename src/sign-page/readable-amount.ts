import { isJsonObject, type Json } from '../json.ts'
import { textOfHex } from '../ledger/memos.ts'

export interface ReadableAmount {
  readonly text: string
  /** Who issued it; null for the native asset. */
  readonly issuer: string | null
}

/**
 * An amount as people write it, without rounding: drops become whole units of the native asset, a currency code in hex
 * becomes its letters where that cannot be taken for a three-letter code. Null for what is no amount.
 *
 * @param native the ledger's own asset, `XRP` or `XAH`
 */
export const readableAmount = (value: Json, native: string): ReadableAmount | null => {
  if (typeof value === 'string') {
    return /^\d+$/.test(value) ? { text: `${fromDrops(value)} ${native}`, issuer: null } : null
  }
  if (!isJsonObject(value) || typeof value['value'] !== 'string') return null
  const { value: quantity, currency, issuer, mpt_issuance_id: issuance } = value
  if (typeof currency === 'string' && typeof issuer === 'string') {
    return { text: `${quantity} ${readableCurrency(currency)}`, issuer }
  }
  return typeof issuance === 'string' ? { text: `${quantity} MPT`, issuer: issuance } : null
}

const dropsPerUnit = 1_000_000n

const fromDrops = (drops: string): string => {
  const whole = BigInt(drops) / dropsPerUnit
  const fraction = (BigInt(drops) % dropsPerUnit).toString().padStart(6, '0').replace(/0+$/, '')
  return whole.toLocaleString('en') + (fraction === '' ? '' : `.${fraction}`)
}

/**
 * A code of fewer than four letters stays hex: it would read like the plain three-letter code, which is another currency.
 * Source: XRPL documentation, "Currency Formats"; a first byte of 0x00 to 0x03 marks formats that are no text.
 */
const readableCurrency = (code: string): string => {
  if (!/^[0-9a-f]{40}$/i.test(code) || /^0[0-3]/.test(code)) return code
  const text = textOfHex(code.replace(/(00)+$/, ''))
  return text !== null && /^[\x21-\x7e]{4,}$/.test(text) ? text : code
}
