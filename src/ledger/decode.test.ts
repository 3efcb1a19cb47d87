import fc from 'fast-check'
import { encode } from 'ripple-binary-codec'
import { describe, expect, it } from 'vitest'
import { decodeTransaction } from './decode.ts'
import { definitionsOf } from './definitions.ts'
import { maxBlobBytes, maxBlobDepth, maxBlobFields } from './scan-blob.ts'

const account = 'rPEPPER7kfTD9w2To4CQk6UCfuHM9c6GDY'
const payment = {
  TransactionType: 'Payment',
  Account: account,
  Destination: account,
  Amount: { currency: 'USD', issuer: account, value: '1.5' },
  Paths: [[{ currency: 'USD', issuer: account }, { account }], [{ currency: 'XRP' }]],
  Memos: [{ Memo: { MemoData: 'C0FFEE', MemoType: '' } }],
  Fee: '12',
  Sequence: 1,
  SigningPubKey: '',
}
const hex = encode(payment)

describe('decodeTransaction', () => {
  it('takes hex in either case and gives upper case', () => {
    const decoded = decodeTransaction(hex.toLowerCase(), 'xrpl')
    expect(decoded?.hex).toBe(hex)
    expect(decoded).toEqual(decodeTransaction(hex, 'xrpl'))
    expect(decoded?.json).toEqual(payment)
  })

  it('computes the id that the ledger gives a transaction', () => {
    // Source: xrpl.org, "Serialization Format", the published example of an OfferCreate on the main network
    const published =
      '120007220008000024001ABED82A2380BF2C2019001ABED764D55920AC9391400000000000000000000000000055534400000000000A20B3C85F482532A9578DBB3950B85CA06594D165400000037E11D60068400000000000000A732103EE83BB432547885C219634A1BC407A9DB0474145D69737D09CCDC63E1DEE7FE3744630440220143759437C04F7B61F012563AFE90D8DAFC46E86035E1D965A9CED282C97D4CE02204CFD241E86F17E011298FC1A39B63386C74306A5DE047E213B0F29EFA4571C2C8114DD76483FACDEE26E60D8A586BB58D09F27045C46'
    expect(decodeTransaction(published, 'xrpl')?.hash).toBe(
      '73734B611DDA23D3F5F62E20A173B78AB8406AC5015094DA53F53D39B9EDB06C',
    )
  })

  it('reads a type by the definitions it is told', () => {
    const minted = encode({ TransactionType: 'URITokenMint', URI: 'AB' }, definitionsOf('xahau'))
    expect(decodeTransaction(minted, 'xahau')?.json).toMatchObject({ TransactionType: 'URITokenMint' })
    expect(decodeTransaction(minted, 'xrpl')?.json).toMatchObject({ TransactionType: 'XChainAddClaimAttestation' })
  })

  it.each([
    ['nothing', ''],
    ['half a byte', hex.slice(0, -1)],
    ['text', 'zz'],
    ['hex with a prefix', `0x${hex}`],
    ['the end missing', hex.slice(0, -2)],
    ['something left over', `${hex}00`],
    ['something left over behind an end marker', `${hex}E112`],
    ['fields out of order', '240000000112000014'],
    ['a field twice', '1200002400000001' + '2400000001'],
    ['an unknown type of transaction', '127FFF'],
    ['an unknown field', '2F2F00000001'],
    ['a length written longer than needed', '7DC100'],
    ['an object that is not closed', 'F9EA7D00'],
    ['an array of something else than objects', 'F92400000001F1'],
  ])('refuses %s', (_, hostile) => {
    expect(decodeTransaction(hostile, 'xrpl')).toBeNull()
  })

  it('refuses what is longer, deeper or in more pieces than any transaction', () => {
    const memos = (count: number): string => `120000F9${'EAE1'.repeat(count)}F1`
    expect(decodeTransaction(memos(maxBlobFields - 2), 'xrpl')).not.toBeNull()
    expect(decodeTransaction(memos(maxBlobFields - 1), 'xrpl')).toBeNull()

    const path = (steps: number): string => `1200000112${`01${'AB'.repeat(20)}`.repeat(steps)}00`
    expect(decodeTransaction(path(maxBlobFields - 3), 'xrpl')).not.toBeNull()
    expect(decodeTransaction(path(maxBlobFields - 2), 'xrpl')).toBeNull()
    expect(decodeTransaction(`1200000112${'FF'.repeat(120_000)}00`, 'xrpl')).toBeNull()

    const vector = (hashes: number): string =>
      encode({ TransactionType: 'Payment', Amendments: Array.from({ length: hashes }, () => 'AB'.repeat(32)) })
    expect(decodeTransaction(vector(maxBlobFields - 2), 'xrpl')).not.toBeNull()
    expect(decodeTransaction(vector(maxBlobFields - 1), 'xrpl')).toBeNull()

    const nested = (depth: number): string => `120000${'EA'.repeat(depth)}${'E1'.repeat(depth)}`
    expect(decodeTransaction(nested(maxBlobDepth), 'xrpl')).not.toBeNull()
    expect(decodeTransaction(nested(maxBlobDepth + 1), 'xrpl')).toBeNull()
    expect(decodeTransaction(nested(60_000), 'xrpl')).toBeNull()

    const long = (bytes: number): string => encode({ TransactionType: 'Payment', SigningPubKey: '00'.repeat(bytes) })
    expect(decodeTransaction(long(maxBlobBytes - 7), 'xrpl')).not.toBeNull()
    expect(decodeTransaction(long(maxBlobBytes - 6), 'xrpl')).toBeNull()
  })

  it('never throws, whatever it is given, and what it accepts encodes to the same bytes', () => {
    const bytes = Buffer.from(hex, 'hex')
    const hostile = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.uint8Array({ maxLength: 200 }).map((random) => Buffer.from(random).toString('hex')),
      fc.nat(bytes.length).map((length) => bytes.subarray(0, length).toString('hex')),
      fc.array(fc.nat(bytes.length * 8 - 1), { minLength: 1, maxLength: 4 }).map((flips) => {
        const flipped = Buffer.from(bytes)
        for (const bit of flips) flipped[bit >> 3]! ^= 1 << (bit & 7)
        return flipped.toString('hex')
      }),
    )
    fc.assert(
      fc.property(hostile, fc.constantFrom('xrpl' as const, 'xahau' as const), (text, family) => {
        const decoded = decodeTransaction(text, family)
        if (decoded !== null) expect(encode(decoded.json, definitionsOf(family))).toBe(text.toUpperCase())
      }),
      { numRuns: 1_000 },
    )
  })
})
