import { describe, expect, it } from 'vitest'
import { serializeForDigest, walletDigest } from './wallet-digest.ts'

describe('the text that the wallet hashes', () => {
  // expected texts: XRPL-Labs/Xaman-App, src/common/libs/payload/__tests__/digest.test.ts
  it('names sorted keys before their values', () => {
    expect(serializeForDigest({})).toBe('{[]}')
    expect(serializeForDigest({ TransactionType: 'Payment', Sequence: 30 })).toBe(
      '{["Sequence","TransactionType"]30,"Payment",}',
    )
  })

  it('goes into objects and arrays', () => {
    const Memos = [{ Memo: { MemoType: '587270546970426F744E6F7465', MemoData: '5852502054697020426F74' } }]
    expect(serializeForDigest({ TransactionType: 'Payment', Memos })).toBe(
      '{["Memos","TransactionType"][{["Memo"]{["MemoData","MemoType"]"5852502054697020426F74","587270546970426F744E6F7465",},}],"Payment",}',
    )
  })

  it('separates array elements by commas and ends none with one', () => {
    expect(serializeForDigest([])).toBe('[]')
    expect(serializeForDigest([1, [true, 'a'], {}])).toBe('[1,[true,"a"],{[]}]')
  })

  it('sorts keys by code unit, not by language', () => {
    expect(serializeForDigest({ b: 1, B: 2, ä: 3, a: 4, 10: 5, 9: 6 })).toBe('{["10","9","B","a","b","ä"]5,6,2,4,1,3,}')
  })

  it('writes numbers and text as JSON does', () => {
    expect(serializeForDigest([1.0, -0, 1e21, 0.1, 1e-7])).toBe('[1,0,1e+21,0.1,1e-7]')
    expect(serializeForDigest('"\\/\n\u2028é🚀')).toBe('"\\"\\\\/\\n\u2028é🚀"')
  })

  it('has none for null, as in the wallet', () => {
    expect(() => serializeForDigest({ Memos: null })).toThrow(TypeError)
  })
})

describe('the digest', () => {
  const request = { TransactionType: 'Payment', Memos: [{ Memo: { MemoData: 'é' } }] }

  it('is the same for any order of keys', () => {
    const other = { Memos: [{ Memo: { MemoData: 'é' } }], TransactionType: 'Payment' }
    expect(walletDigest(other, 'device')).toBe(walletDigest(request, 'device'))
  })

  it('is lower-case hex over UTF-8, made for one device', () => {
    // sha1(sha1('{["Memos",…]…}') + '+device'), computed by sha1sum
    expect(walletDigest(request, 'device')).toBe(expectedDigest)
    expect(walletDigest(request, 'Device')).not.toBe(expectedDigest)
  })
})

const expectedDigest = '9a2144a3ee835668042358d31731c855ded9f9b8'
