/** A decimal number of any size, exact: `digits * 10 ** exponent`. */
export interface Decimal {
  readonly digits: bigint
  readonly exponent: number
}

/** Reads what a ledger node writes: `-1.5`, `1e-81`. Null for anything else. */
export const readDecimal = (text: string): Decimal | null => {
  const [, whole, fraction = '', exponent = '0'] = /^([+-]?\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,4}))?$/.exec(text) ?? []
  return whole === undefined ? null : { digits: BigInt(whole + fraction), exponent: Number(exponent) - fraction.length }
}

export const negate = ({ digits, exponent }: Decimal): Decimal => ({ digits: -digits, exponent })

export const subtract = (from: Decimal, amount: Decimal): Decimal => {
  const exponent = Math.min(from.exponent, amount.exponent)
  const scaled = (decimal: Decimal): bigint => decimal.digits * 10n ** BigInt(decimal.exponent - exponent)
  return { digits: scaled(from) - scaled(amount), exponent }
}

/** Without an exponent and without needless zeros. */
export const writeDecimal = ({ digits, exponent }: Decimal): string => {
  const sign = digits < 0n ? '-' : ''
  const text = (digits < 0n ? -digits : digits).toString()
  if (exponent >= 0) return digits === 0n ? '0' : sign + text + '0'.repeat(exponent)
  const padded = text.padStart(1 - exponent, '0')
  const fraction = padded.slice(exponent).replace(/0+$/, '')
  return sign + padded.slice(0, exponent) + (fraction === '' ? '' : `.${fraction}`)
}
