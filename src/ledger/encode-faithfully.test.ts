import fc from 'fast-check'
import { decode, encode } from 'ripple-binary-codec'
import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../json.ts'
import { definitionsOf, fieldByName } from './definitions.ts'
import { encodeFaithfully } from './encode-faithfully.ts'
import type { LedgerFamily } from './template.ts'

const account = 'rPEPPER7kfTD9w2To4CQk6UCfuHM9c6GDY'
const hash = 'AB'.repeat(32)
const token = '00000001'.padEnd(48, 'C')
const usd = (value: Json, extra: JsonObject = {}): JsonObject => ({ currency: 'USD', issuer: account, value, ...extra })

/** Per type of number, text and amount: a field of it, values that can only mean one thing, and values that cannot. */
const types: Record<string, { field: string; clear: Json[]; unclear: Json[] }> = {
  UInt8: {
    field: 'TickSize',
    clear: [0, 255, '5'],
    unclear: [256, -1, 1.5, '0x5', '', ' 5', '5 ', '1e1', true, [5], {}],
  },
  UInt16: { field: 'TransferFee', clear: [0, 65_535, '500', -0], unclear: [65_536, -1, 0.1, '500bp', '+5', [], false] },
  UInt32: {
    field: 'Flags',
    clear: [0, 4_294_967_295, '131072', '0007'],
    unclear: [
      4_294_967_296,
      '4294967296',
      -1,
      '-1',
      2.5,
      1e300,
      'tfPartialPayment',
      'asfRequireAuth',
      '12 or so',
      '',
      {},
      true,
    ],
  },
  UInt64: {
    field: 'AssetPrice',
    clear: ['0', '2e4', 'FFFFFFFFFFFFFFFF', '00000000000002E4', 740, 0],
    unclear: ['', '0x10', '1FFFFFFFFFFFFFFFF', '-1', -1, 1.5, 2 ** 53, 'G', ' 1', [1], true],
  },
  'UInt64 in decimal': {
    field: 'MaximumAmount',
    clear: ['0', '16', '9223372036854775807', '18446744073709551615', 16],
    unclear: ['', 'FF', '18446744073709551616', '99999999999999999999', '-1', -1, 1.5, 2 ** 53, ' 16', '1e3'],
  },
  Int32: {
    field: 'LoanScale',
    clear: [-5, 5, 0, '-5', -2_147_483_648],
    unclear: [2_147_483_648, 1.5, ' 5', '0x5', '', '5.0', true],
  },
  Number: {
    field: 'AssetsMaximum',
    clear: ['0', '1.50', '-3', '1e30', 1000, 0.5, '1234567890123456789'],
    unclear: [
      '',
      ' 1',
      '.5',
      '5.',
      '1,5',
      'ten',
      '12345678901234567891234567',
      2 ** 53,
      true,
      'Infinity',
      '1e99999',
      [],
    ],
  },
  Hash128: {
    field: 'EmailHash',
    clear: ['AB'.repeat(16), 'ab'.repeat(16), '', '00'.repeat(16)],
    unclear: ['AB', `${'AB'.repeat(15)}A`, 'zz'.repeat(16), 1],
  },
  Hash192: { field: 'MPTokenIssuanceID', clear: [token, token.toLowerCase()], unclear: ['', 'AB', `${token}00`, 7] },
  Hash256: {
    field: 'InvoiceID',
    clear: [hash, hash.toLowerCase()],
    unclear: ['', 'AB', `${hash}A`, `0x${hash}`, `${hash.slice(2)} A`, null, 1],
  },
  Vector256: {
    field: 'NFTokenOffers',
    clear: [[hash], [hash, hash], []],
    unclear: [hash, ['AB'], [hash, 1], {}, [[hash]]],
  },
  Blob: {
    field: 'URI',
    clear: ['', 'AB', 'ab', 'Ab'.repeat(1000)],
    unclear: ['A', 'ABC', 'hello', '0xAB', 'AB ', ' AB', 12, ['AB'], 'ÄB'],
  },
  AccountID: {
    field: 'Destination',
    clear: [account],
    unclear: ['', 'r', `${account} `, account.toLowerCase(), '00'.repeat(20), `${account.slice(0, -1)}Z`, 1],
  },
  'Amount of drops': {
    field: 'Fee',
    clear: ['0', '1', '100000000000000000', 12, '0012'],
    unclear: [
      '',
      ' 1',
      '1 ',
      '1.0',
      '1e3',
      '0x10',
      '-1',
      '+1',
      -1,
      0.5,
      2 ** 53,
      '100000000000000001',
      '1_000',
      'ten',
      true,
      ['1'],
      '١',
    ],
  },
  'issued Amount': {
    field: 'Amount',
    clear: [
      usd('1.50'),
      usd('1.5'),
      usd('0'),
      usd('-0'),
      usd('-5'),
      usd('1e3'),
      usd('1E-3'),
      usd('9999999999999999e80'),
      usd('1e-81'),
      usd(1.5),
      usd('1', { currency: 'usd' }),
      usd('1', { currency: '015841551A748AD2C1F76FF6ECB0CCCD00000000' }),
      usd('1', { currency: '015841551a748ad2c1f76ff6ecb0cccd00000000' }),
      usd('1', { currency: '0000000000000000000000005553440000000000' }),
    ],
    unclear: [
      usd(''),
      usd(' 1'),
      usd('1 '),
      usd('1,5'),
      usd('0x10'),
      usd('1e3.5'),
      usd('ten'),
      usd('NaN'),
      usd('Infinity'),
      usd('.'),
      usd('1e9999'),
      usd('12345678901234567'),
      usd('0.00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001'),
      usd(`1${'0'.repeat(200_000)}`),
      usd(true),
      usd(1e21),
      usd(['1']),
      usd('1', { currency: 'XRP' }),
      usd('1', { currency: '00'.repeat(20) }),
      usd('1', { currency: 'US' }),
      usd('1', { currency: 'USDT' }),
      usd('1', { currency: '€€€' }),
      usd('1', { currency: '' }),
      usd('1', { issuer: 'r' }),
      usd('1', { extra: '1' }),
      { currency: 'USD', value: '1' },
      { currency: 'XRP', value: '1' },
      { value: '1' },
      {},
      [],
    ],
  },
  'Amount of a multi-purpose token': {
    field: 'Amount',
    clear: [
      { mpt_issuance_id: token, value: '1' },
      { mpt_issuance_id: token.toLowerCase(), value: '9223372036854775807' },
      { mpt_issuance_id: token, value: 7 },
    ],
    unclear: [
      { mpt_issuance_id: token, value: '1.5' },
      { mpt_issuance_id: token, value: '-1' },
      { mpt_issuance_id: token, value: '0x10' },
      { mpt_issuance_id: token, value: ' 1' },
      { mpt_issuance_id: token, value: '9223372036854775808' },
      { mpt_issuance_id: 'AB', value: '1' },
      { mpt_issuance_id: token },
    ],
  },
  'change of an Amount': {
    field: 'FeeAmountDelta',
    clear: ['5', '-5', '0', 3, -3],
    unclear: ['1.5', ' 1', '', usd('1'), '-100000000000000001'],
  },
}

const cases = Object.entries(types)
const flat = (of: 'clear' | 'unclear') =>
  cases.flatMap(([type, one]) =>
    one[of].map((value) => [type, JSON.stringify(value).slice(0, 80), one.field, value] as const),
  )

describe('encodeFaithfully', () => {
  it.each(flat('clear'))('takes a %s of %s', (_, __, field, value) => {
    const result = encodeFaithfully({ [field]: value }, 'xrpl')
    if ('trouble' in result) throw new Error(`${result.at} ${result.trouble}`)
    // what it gives is what the codec takes, and taking it again changes nothing
    expect(encode(result.json)).toMatch(/^[0-9A-F]+$/)
    expect(encodeFaithfully(result.json, 'xrpl')).toEqual(result)
  })

  it.each(flat('unclear'))('refuses a %s of %s', (_, __, field, value) => {
    const result = encodeFaithfully({ [field]: value }, 'xrpl')
    expect(result).toMatchObject({ trouble: expect.any(String) })
    expect('trouble' in result && result.at.startsWith(field)).toBe(true)
  })

  it('refuses what is no field, whatever the codec would drop in silence', () => {
    for (const name of [
      'hash',
      'date',
      'amount',
      'Nonsense',
      '131076',
      'fromString',
      'constructor',
      '__proto__',
      '',
      'Generic',
      'Invalid',
    ]) {
      const fields = Object.fromEntries([
        ['Flags', 0],
        [name, 5],
      ]) as JsonObject
      expect(encodeFaithfully(fields, 'xrpl')).toMatchObject({ at: name })
    }
  })

  it('names the place of the trouble', () => {
    const at = (fields: JsonObject) => {
      const result = encodeFaithfully(fields, 'xrpl')
      return 'trouble' in result ? result.at : null
    }
    expect(at({ Memos: [{ Memo: {} }, { Memo: { MemoType: 'x' } }] })).toBe('Memos[1].Memo.MemoType')
    expect(at({ Amount: usd('ten') })).toBe('Amount.value')
    expect(at({ Amount: usd('12345678901234567') })).toBe('Amount')
    expect(at({ Paths: [[{ account }, { account: 'r' }]] })).toBe('Paths[0][1].account')
    expect(at({ ['N'.repeat(1000)]: 1 })).toHaveLength(65)
  })

  it('reads 64-bit fields in the base in which the codec writes them', () => {
    const families: LedgerFamily[] = ['xrpl', 'xahau']
    for (const family of families) {
      const definitions = definitionsOf(family)
      for (const name of Object.keys(definitions.field)) {
        if (fieldByName(definitions, name)?.type.name !== 'UInt64') continue
        const decimal = decode(encode({ [name]: '10' }, definitions), definitions)[name] === '10'
        expect([name, 'trouble' in encodeFaithfully({ [name]: 'FF' }, family)]).toEqual([name, decimal])
        expect([name, 'trouble' in encodeFaithfully({ [name]: '18446744073709551615' }, family)]).toEqual([
          name,
          !decimal,
        ])
      }
    }
  })

  it('never lets a number through as another one', () => {
    const written = fc.oneof(
      fc.double(),
      fc.integer(),
      fc.string({ unit: fc.constantFrom(...Array.from('0123456789.eE+-x ')), maxLength: 24 }),
      fc.string({ unit: fc.constantFrom(...Array.from('0123456789abcdefABCDEF')), maxLength: 24 }),
    )
    const numeric = fc.constantFrom('Flags', 'TickSize', 'LoanScale', 'Fee', 'MaximumAmount', 'AssetsMaximum')
    fc.assert(
      fc.property(numeric, written, (name, value) => {
        const result = encodeFaithfully({ [name]: value }, 'xrpl')
        if ('trouble' in result) return
        expect(Number(decode(encode(result.json))[name])).toBe(Number(value) + 0)
      }),
      { numRuns: 5_000 },
    )
  })
})
