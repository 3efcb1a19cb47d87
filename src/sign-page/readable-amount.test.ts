import { expect, it } from 'vitest'
import { readableAmount } from './readable-amount.ts'

const issuer = 'rPEPPER7kfTD9w2To4CQk6UCfuHM9c6GDY'
const token = (currency: string) => ({ currency, issuer, value: '12.50' })
const hex = (text: string) => Buffer.from(text).toString('hex').padEnd(40, '0').toUpperCase()

it.each([
  ['1', '0.000001 XRP'],
  ['1000000', '1 XRP'],
  ['12500000', '12.5 XRP'],
  ['100000000000000000', '100,000,000,000 XRP'],
  ['9007199254740993', '9,007,199,254.740993 XRP'],
  ['0', '0 XRP'],
])('reads %s drops as %s', (drops, text) => {
  expect(readableAmount(drops, 'XRP')).toEqual({ text, issuer: null })
})

it('takes the quantity of a token as it is written, with its issuer', () => {
  expect(readableAmount(token('USD'), 'XRP')).toEqual({ text: '12.50 USD', issuer })
})

it('reads a currency code in hex', () => {
  expect(readableAmount(token(hex('RLUSD')), 'XRP')?.text).toBe('12.50 RLUSD')
})

it.each([
  ['could be taken for a plain code', hex('USD')],
  ['could be taken for the native asset', hex('XRP')],
  ['is of another format', '03' + hex('POOL').slice(2)],
  ['has a space in it', hex('US D')],
  ['is no ASCII', hex('ÜSDT')],
  ['has a zero within', hex('US\0DT')],
])('leaves a currency in hex that %s', (_, currency) => {
  expect(readableAmount(token(currency), 'XRP')?.text).toBe(`12.50 ${currency}`)
})

it('names the issuance of a multi-purpose token', () => {
  const issuance = '00000001A407AF5856CEFB379FAE300376EA03B3C1B26BC5'
  expect(readableAmount({ mpt_issuance_id: issuance, value: '5' }, 'XRP')).toEqual({ text: '5 MPT', issuer: issuance })
})

it.each([[null], ['1.5'], [''], [5], [{}], [{ value: '1' }], [[]]])('takes %j for no amount', (value) => {
  expect(readableAmount(value, 'XRP')).toBeNull()
})
