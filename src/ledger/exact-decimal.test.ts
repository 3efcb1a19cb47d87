import fc from 'fast-check'
import { expect, test } from 'vitest'
import { negate, readDecimal, subtract, writeDecimal, type Decimal } from './exact-decimal.ts'

const read = (text: string): Decimal => readDecimal(text)!
const difference = (from: string, amount: string) => writeDecimal(subtract(read(from), read(amount)))

test.each([
  ['0', '0'],
  ['-0', '0'],
  ['1.50', '1.5'],
  ['-1.5', '-1.5'],
  ['-0.05', '-0.05'],
  ['100', '100'],
  ['1e3', '1000'],
  ['0e5', '0'],
  ['9999999999999999e80', `9999999999999999${'0'.repeat(80)}`],
  ['1e-4', '0.0001'],
])('%s reads as %s', (text, plain) => {
  expect(writeDecimal(read(text))).toBe(plain)
})

test.each(['', '.', '1.', '.5', '1e', 'NaN', '0x1', '1,5', ' 1', '1e99999'])('%j is no number', (text) => {
  expect(readDecimal(text)).toBeNull()
})

test('differences are exact where floating point is not', () => {
  expect(difference('0.3', '0.1')).toBe('0.2')
  expect(difference('9007199254740993', '1e-6')).toBe('9007199254740992.999999')
  expect(difference('1', '1.0')).toBe('0')
  expect(writeDecimal(negate(read('1.25')))).toBe('-1.25')
})

test('taking away and putting back changes nothing', () => {
  const decimal = fc.record({
    digits: fc.bigInt({ min: -(10n ** 16n), max: 10n ** 16n }),
    exponent: fc.integer({ min: -96, max: 80 }),
  })
  fc.assert(
    fc.property(decimal, decimal, (one, other) => {
      expect(writeDecimal(subtract(subtract(one, other), negate(other)))).toBe(writeDecimal(one))
      expect(readDecimal(writeDecimal(one))).not.toBeNull()
    }),
  )
})
