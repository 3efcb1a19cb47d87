import fc from 'fast-check'
import { classicAddressToXAddress } from 'ripple-address-codec'
import { encode } from 'ripple-binary-codec'
import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../json.ts'
import { describeRefusal, isRefusal, type Refusal } from '../refusals.ts'
import { checkTemplate, type TemplateContext, type TemplateInput } from './check-template.ts'
import { definitionsOf, knowsTransactionType } from './definitions.ts'
import type { LedgerFamily, Template } from './template.ts'
import { maxTemplateDepth } from './template-fields.ts'

const account = 'rPEPPER7kfTD9w2To4CQk6UCfuHM9c6GDY'
const other = 'rwietsevLFg8XSmG3bEZzFein1g8RBqWDZ'
const hash = 'AB'.repeat(32)

const check = (input: TemplateInput, context: Partial<TemplateContext> = {}): Template | Refusal =>
  checkTemplate(input, { forceNetwork: null, multisign: false, ...context })

const accept = (txjson: JsonObject, context?: Partial<TemplateContext>): Template => {
  const template = check({ txjson }, context)
  if (isRefusal(template)) throw new Error(describeRefusal(template).message)
  return template
}

const refuseOf = (txjson: JsonObject, context?: Partial<TemplateContext>): { code: number; message: string } => {
  const refusal = check({ txjson }, context)
  if (!isRefusal(refusal)) throw new Error(`accepted: ${JSON.stringify(refusal.json).slice(0, 200)}`)
  const { code, message } = describeRefusal(refusal)
  return { code, message }
}

const payment = (fields: JsonObject = {}): JsonObject => ({
  TransactionType: 'Payment',
  Destination: account,
  Amount: '1000000',
  ...fields,
})

describe('a template', () => {
  it('is taken as it was written', () => {
    const txjson = payment({
      Memos: [{ Memo: { MemoData: 'c0ffee' } }],
      SendMax: { currency: 'USD', issuer: other, value: '1.50' },
    })
    expect(accept(txjson)).toEqual({ kind: 'transaction', transactionType: 'Payment', family: 'xrpl', json: txjson })
  })

  it('may leave to the wallet what the wallet fills in', () => {
    expect(accept({ TransactionType: 'Payment', Destination: account }).json).toEqual({
      TransactionType: 'Payment',
      Destination: account,
    })
    expect(accept({ TransactionType: 'CheckCash', CheckID: hash })).toBeTruthy()
  })

  it('loses its nulls, however deep', () => {
    const txjson = payment({
      DestinationTag: null,
      Memos: [{ Memo: { MemoData: 'AB', MemoType: null } }, null],
      SendMax: { currency: 'USD', issuer: other, value: '1', counterparty: null },
    })
    expect(accept(txjson).json).toEqual(
      payment({ Memos: [{ Memo: { MemoData: 'AB' } }], SendMax: { currency: 'USD', issuer: other, value: '1' } }),
    )
  })

  it('has its amounts as strings', () => {
    expect(accept(payment({ Amount: 1_000_000, Fee: 12 })).json).toEqual(payment({ Amount: '1000000', Fee: '12' }))
    expect(accept(payment({ Amount: { currency: 'USD', issuer: other, value: 0.25 } })).json['Amount']).toMatchObject({
      value: '0.25',
    })
    expect(accept({ TransactionType: 'MPTokenIssuanceCreate', MaximumAmount: 500 }).json['MaximumAmount']).toBe('500')
  })

  it('may have numbers as strings of digits, which become numbers', () => {
    expect(accept(payment({ DestinationTag: '495', Flags: '131072' })).json).toEqual(
      payment({ DestinationTag: 495, Flags: 131_072 }),
    )
  })

  it('may have the signatures of an earlier round, which go', () => {
    const signed = payment({ SigningPubKey: 'ED', TxnSignature: 'AB', Signers: [{ Signer: { Account: other } }] })
    expect(accept(signed).json).toEqual(payment())
    expect(accept(signed, { multisign: true }).json).toEqual(payment({ Signers: [{ Signer: { Account: other } }] }))
  })

  it('may have X-addresses, which become an address and a tag', () => {
    const tagged = payment({ Destination: classicAddressToXAddress(account, 7, false) })
    expect(accept(tagged).json).toEqual(payment({ DestinationTag: 7 }))
    expect(refuseOf({ ...tagged, DestinationTag: 7 }).message).toBe(
      'Destination has a tag in it, and DestinationTag is another.',
    )
    expect(accept(payment({ Account: classicAddressToXAddress(other, 0, false) })).json).toEqual(
      payment({ Account: other, SourceTag: 0 }),
    )
    const untagged = { TransactionType: 'SetRegularKey', RegularKey: classicAddressToXAddress(other, false, true) }
    expect(accept(untagged).json['RegularKey']).toBe(other)
    expect(refuseOf({ ...untagged, RegularKey: classicAddressToXAddress(other, 1, true) }).message).toContain(
      'RegularKey',
    )
  })

  it('is no template without a known type', () => {
    expect(refuseOf({ Destination: account })).toEqual({ code: 602, message: 'The template has no TransactionType.' })
    expect(refuseOf({ TransactionType: 0 }).code).toBe(602)
    for (const unknown of ['payment', 'Invalid', 'toString', '0', '', 'Signin']) {
      const message = `The TransactionType ${JSON.stringify(unknown)} is unknown.`
      expect(refuseOf({ TransactionType: unknown })).toEqual({ code: 602, message })
    }
  })

  it('is read by the definitions of the network that is forced, else by those that know it', () => {
    const minted = { TransactionType: 'URITokenMint', URI: 'AB' }
    expect(accept(minted).family).toBe('xahau')
    expect(accept(minted, { forceNetwork: 'XAHAUTESTNET' }).family).toBe('xahau')
    expect(refuseOf(minted, { forceNetwork: 'TESTNET' })).toEqual({
      code: 602,
      message: 'The TransactionType "URITokenMint" is unknown on the network that is forced.',
    })
    expect(accept(payment()).family).toBe('xrpl')
    expect(accept(payment(), { forceNetwork: 'XAHAU' }).family).toBe('xahau')
    const hooked = payment({ HookParameters: [{ HookParameter: { HookParameterName: 'AB', HookParameterValue: '' } }] })
    expect(accept(hooked).family).toBe('xahau')
    expect(refuseOf(hooked, { forceNetwork: 'MAINNET' }).message).toBe('HookParameters is no field of a transaction.')
  })

  it('names no native currency on Xahau, where the codecs disagree which one that is', () => {
    const xah = payment({ Amount: { currency: 'XAH', issuer: other, value: '1' } })
    expect(accept(xah)).toMatchObject({ family: 'xrpl' })
    expect(refuseOf(xah, { forceNetwork: 'XAHAU' }).message).toContain('40 hex digits')
    const path = (currency: string) => payment({ Paths: [[{ currency }]] })
    expect(refuseOf(path('XRP'), { forceNetwork: 'XAHAU' }).code).toBe(603)
    expect(accept(path('0'.repeat(40)), { forceNetwork: 'XAHAU' })).toMatchObject({ family: 'xahau' })
  })

  it('is refused with U+0000 or half a surrogate pair in any string', () => {
    for (const bad of ['\0', '\ud800', 'a\udc00b']) {
      expect(refuseOf(payment({ Destination: bad })).code).toBe(603)
      expect(refuseOf(payment({ Memos: [{ Memo: { [bad]: 'AB' } }] })).message).toMatch(/^A string in the template/)
    }
  })

  it('is refused when it is nested deeper, or has more in it, than any transaction', () => {
    const nest = (levels: number): Json => (levels === 0 ? 'AB' : [nest(levels - 1)])
    expect(refuseOf(payment({ Memos: nest(maxTemplateDepth) })).message).toContain('nested')
    let bottomless: Json = []
    for (let level = 0; level < 100_000; level++) bottomless = [bottomless]
    expect(refuseOf(payment({ Memos: bottomless })).message).toContain('nested')
    expect(refuseOf(payment({ Memos: Array.from({ length: 20_000 }, () => ({ Memo: {} })) })).code).toBe(603)
    expect(refuseOf(payment({ Memos: Array.from({ length: 1_100 }, () => ({ Memo: {} })) }))).toEqual({
      code: 603,
      message: 'Memos cannot be encoded.',
    })
  })

  it('gathers no batch signatures by the uuids of other payloads', () => {
    const batch = {
      TransactionType: 'Batch',
      RawTransactions: [],
      BatchSigners: ['63f4dd1b-c5ee-4bc1-8b5d-2a4a1a3fd3d6'],
    }
    expect(refuseOf(batch).code).toBe(603)
    expect(refuseOf(batch).message).toContain('BatchSigners')
  })
})

describe('a SignIn', () => {
  it('keeps only what any transaction may have', () => {
    const memos = [{ Memo: { MemoData: 'AB' } }]
    const asked = {
      TransactionType: 'SignIn',
      SignIn: true,
      Destination: account,
      Amount: 'none',
      Memos: memos,
      SourceTag: 1,
    }
    expect(accept({ ...asked, SigningPubKey: 'ED' })).toEqual({
      kind: 'signIn',
      transactionType: 'SignIn',
      family: 'xrpl',
      json: { TransactionType: 'SignIn', Memos: memos, SourceTag: 1 },
    })
  })

  it('may ask for nothing else', () => {
    expect(accept({ TransactionType: 'SignIn' }).json).toEqual({ TransactionType: 'SignIn' })
  })

  it('is checked in what it keeps', () => {
    expect(refuseOf({ TransactionType: 'SignIn', Memos: [{ Memo: { MemoData: 'hello' } }] })).toEqual({
      code: 603,
      message: 'Memos[0].Memo.MemoData has to be an even number of hex digits.',
    })
  })
})

describe('a PaymentChannelAuthorize', () => {
  const authorize = (fields: JsonObject) => ({ TransactionType: 'PaymentChannelAuthorize', ...fields })

  it('has a channel and an amount', () => {
    expect(accept(authorize({ Channel: hash, Amount: 5 }))).toEqual({
      kind: 'paymentChannelAuthorize',
      transactionType: 'PaymentChannelAuthorize',
      family: 'xrpl',
      json: { TransactionType: 'PaymentChannelAuthorize', Channel: hash, Amount: '5' },
    })
  })

  it.each([
    ['no channel', { Amount: '5' }],
    ['no amount', { Channel: hash }],
    ['a short channel', { Channel: 'AB', Amount: '5' }],
    ['an issued amount', { Channel: hash, Amount: { currency: 'USD', issuer: account, value: '1' } }],
    ['an amount that is no number', { Channel: hash, Amount: '0x10' }],
  ])('is refused with %s', (_, fields: JsonObject) => {
    expect(refuseOf(authorize(fields)).code).toBe(603)
  })
})

describe('a txblob', () => {
  const blob = (json: JsonObject, family: LedgerFamily = 'xrpl') => encode(json, definitionsOf(family))

  it('is decoded to a template without its signature', () => {
    const signed = payment({ Account: other, SigningPubKey: 'ED', TxnSignature: 'AB' })
    expect(check({ txblob: blob(signed).toLowerCase() })).toMatchObject({
      kind: 'transaction',
      json: payment({ Account: other }),
    })
  })

  it('is read as XRPL first, then as Xahau, or as the forced network says', () => {
    const invoke = blob({ TransactionType: 'Invoke', Blob: 'AB' }, 'xahau')
    expect(check({ txblob: invoke })).toMatchObject({ transactionType: 'Invoke', family: 'xahau' })
    expect(check({ txblob: invoke }, { forceNetwork: 'MAINNET' })).toEqual({ refused: 'txblobInvalid' })
    const burn = blob({ TransactionType: 'URITokenBurn' }, 'xahau')
    expect(check({ txblob: burn })).toMatchObject({ transactionType: 'XChainAddAccountCreateAttestation' })
    expect(check({ txblob: burn }, { forceNetwork: 'XAHAU' })).toMatchObject({ transactionType: 'URITokenBurn' })
  })

  it.each([
    ['nothing', ''],
    ['no hex', 'hello'],
    ['no transaction', blob({ Account: account })],
    ['something left over', `${blob(payment())}00`],
  ])('is refused with 601 when it is %s', (_, txblob) => {
    expect(check({ txblob })).toEqual({ refused: 'txblobInvalid' })
  })
})

describe('every type of both ledgers', () => {
  const families: LedgerFamily[] = ['xrpl', 'xahau']
  const types = families.flatMap((family) =>
    definitionsOf(family).transactionNames.map((type) => [family, type] as const),
  )

  it.each(types)('%s %s is accepted and encodes', (family, type) => {
    const template = accept(
      { TransactionType: type, Fee: 12 },
      { forceNetwork: family === 'xrpl' ? 'MAINNET' : 'XAHAU' },
    )
    expect(template).toEqual({
      kind: 'transaction',
      transactionType: type,
      family,
      json: { TransactionType: type, Fee: '12' },
    })
    expect(encode(template.json, definitionsOf(family))).toMatch(/^12/)
    expect(knowsTransactionType(family, type)).toBe(true)
  })
})

describe('whatever is sent', () => {
  it('is accepted or refused, never a fault', () => {
    const key = fc.oneof(
      fc.constantFrom('Amount', 'Paths', 'Memos', 'Memo', 'currency', 'issuer', 'value', 'Flags', 'Asset'),
      fc.string(),
    )
    const { value } = fc.letrec<{ value: Json }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom(account, hash, 'USD', '1', '-1', '1e3', '', null, true, 1.5, -0, 2 ** 53),
        fc.string(),
        fc.double(),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(key, tie('value'), { maxKeys: 4 }),
      ),
    }))
    const type = fc.constantFrom('Payment', 'SignIn', 'AMMBid', 'SetHook', 'PaymentChannelAuthorize', 'Batch')
    fc.assert(
      fc.property(fc.dictionary(key, value), type, (fields, TransactionType) => {
        const result = check({ txjson: { ...fields, TransactionType } })
        expect(isRefusal(result) ? describeRefusal(result).code : 603).toBe(603)
      }),
      { numRuns: 1_000 },
    )
  })
})
