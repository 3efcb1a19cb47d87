import { clear, unclear, type Reader } from './reading.ts'

/** The smallest issued amount takes the codec 98 characters. */
const maxLength = 128

const pattern = /^(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]{1,3}))?$/

/**
 * One form for each value: its significant digits and a power of ten, so that 1.50, 15e-1 and 1.5 are the same. Null when
 * the text is no decimal number.
 */
export const decimalMeaning = (text: string): string | null => {
  const match = text.length <= maxLength ? pattern.exec(text) : null
  if (match === null) return null
  const [, sign = '', whole = '', fraction = '', power = '0'] = match
  const digits = `${whole}${fraction}`.replace(/^0+/, '')
  const significant = digits.replace(/0+$/, '')
  if (significant === '') return '0'
  return `${sign}${significant}e${Number(power) - fraction.length + digits.length - significant.length}`
}

/** A decimal number; one that JSON has as a number becomes a string, unless JSON may have rounded it. */
export const readDecimal: Reader = (value) => {
  const exact = typeof value === 'number' && (!Number.isInteger(value) || Number.isSafeInteger(value))
  const text = exact ? String(value) : value
  const meaning = typeof text === 'string' ? decimalMeaning(text) : null
  return meaning === null ? unclear('has to be a decimal number in a string') : clear(text, meaning)
}
