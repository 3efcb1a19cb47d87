import { encode } from 'ripple-binary-codec'
import { describe, expect, it } from 'vitest'
import { derive, sign } from 'xrpl-accountlib'
import type { Json, JsonObject } from '../json.ts'
import { describeRefusal, isRefusal } from '../refusals.ts'
import { checkTemplate } from './check-template.ts'
import { decodeTransaction } from './decode.ts'
import { definitionsOf } from './definitions.ts'
import { matchTemplate } from './match-template.ts'

const account = 'rPEPPER7kfTD9w2To4CQk6UCfuHM9c6GDY'
const other = 'rwietsevLFg8XSmG3bEZzFein1g8RBqWDZ'
const hash = 'AB'.repeat(32)
const usd = (value: string) => ({ currency: 'USD', issuer: other, value })

/** What a wallet adds to a template when it signs. */
const filled = {
  Account: other,
  Sequence: 7,
  Fee: '12',
  LastLedgerSequence: 90_000_000,
  SigningPubKey: 'ED',
  TxnSignature: 'AB',
}

interface Options {
  readonly multisign?: boolean
  readonly pathfinding?: boolean
}

/** Null when the signed fields are what was asked for, else the sentence that says why not. */
const mismatch = (
  asked: JsonObject,
  signed: JsonObject,
  { multisign = false, pathfinding = false }: Options = {},
): string | null => {
  const template = checkTemplate({ txjson: asked }, { forceNetwork: null, multisign })
  if (isRefusal(template)) throw new Error(describeRefusal(template).message)
  const decoded = decodeTransaction(encode(signed, definitionsOf(template.family)), template.family)
  if (decoded === null) throw new Error('the blob does not decode')
  const result = matchTemplate(decoded, { template, multisign, pathfinding })
  return isRefusal(result) ? describeRefusal(result).message : null
}

const payment = (fields: JsonObject = {}): JsonObject => ({
  TransactionType: 'Payment',
  Destination: account,
  Amount: '5',
  ...fields,
})

/** The template as the wallet fills it in by default, then changed. */
const signs = (asked: JsonObject, changes: JsonObject = {}, options?: Options): string | null => {
  const signed = Object.entries<Json>({ ...asked, ...filled, ...changes }).filter(([, value]) => value !== null)
  return mismatch(asked, Object.fromEntries(signed), options)
}

describe('matchTemplate', () => {
  it('takes the template with what the wallet fills in', () => {
    expect(signs(payment())).toBeNull()
    expect(signs(payment(), { TicketSequence: 3, Sequence: 0, NetworkID: 21_337 })).toBeNull()
    expect(signs(payment({ Memos: [{ Memo: { MemoData: 'c0ffee' } }], SendMax: usd('1.50') }))).toBeNull()
  })

  it('names the field that was changed, added or left out', () => {
    const asked = payment({ DestinationTag: 1 })
    expect(signs(asked, { Amount: '6' })).toBe('Amount is not what was asked for.')
    expect(signs(asked, { Destination: other })).toBe('Destination is not what was asked for.')
    expect(signs(asked, { DestinationTag: null })).toBe('DestinationTag was asked for and not signed.')
    expect(signs(asked, { SendMax: '9' })).toBe('SendMax was signed and not asked for.')
    expect(signs(asked, { TransactionType: 'AccountDelete' })).toBe('TransactionType is not what was asked for.')
    expect(signs(asked, { Memos: [{ Memo: { MemoData: 'AB' } }] })).toBe('Memos was signed and not asked for.')
    expect(
      signs(payment({ Memos: [{ Memo: { MemoData: 'AB' } }] }), { Memos: [{ Memo: { MemoData: 'AC' } }] }),
    ).toContain('Memos')
  })

  it('lets the user choose another account, except with multisign and for Import', () => {
    const asked = payment({ Account: account, Sequence: 3 })
    expect(signs(asked)).toBeNull()
    expect(signs(asked, { Sequence: 3 }, { multisign: true })).toBe('Account is not what was asked for.')
    expect(signs(asked, { Account: account }, { multisign: true })).toBe('Sequence is not what was asked for.')
    expect(signs(asked, { Account: account, Sequence: 3 }, { multisign: true })).toBeNull()
    const imported = { TransactionType: 'Import', Blob: 'AB', Account: account, Sequence: 0 }
    expect(signs(imported, { Sequence: 0 })).toBe('Account is not what was asked for.')
    expect(signs(imported, { Account: account, Sequence: 0 })).toBeNull()
    expect(signs({ TransactionType: 'Import', Blob: 'AB' })).toBeNull()
  })

  it('keeps the fee, the ticket and the network that were asked for', () => {
    expect(signs(payment({ Fee: '20' }))).toBe('Fee is not what was asked for.')
    expect(signs(payment({ Fee: '20' }), { Fee: '20' })).toBeNull()
    expect(signs(payment({ TicketSequence: 3 }), { TicketSequence: 4 })).toContain('TicketSequence')
    expect(signs(payment({ NetworkID: 21_337 }), { NetworkID: null })).toContain('NetworkID')
  })

  it('lets LastLedgerSequence be made absolute or raised, never lowered', () => {
    const relative = payment({ LastLedgerSequence: 50 })
    expect(signs(relative)).toBeNull()
    expect(signs(relative, { LastLedgerSequence: 49 })).toContain('LastLedgerSequence')
    const absolute = payment({ LastLedgerSequence: 95_000_000 })
    expect(signs(absolute)).toContain('LastLedgerSequence')
    expect(signs(absolute, { LastLedgerSequence: 95_000_001 })).toBeNull()
    expect(signs(absolute, { LastLedgerSequence: null })).toContain('LastLedgerSequence')
  })

  it('lets the fully canonical flag be added and no other, but for partial payment with path finding', () => {
    const asked = payment({ Flags: 0x1_0000 })
    expect(signs(asked, { Flags: 0x8001_0000 })).toBeNull()
    expect(signs(asked, { Flags: 0x8000_0000 })).toContain('Flags')
    expect(signs(asked, { Flags: 0x3_0000 })).toContain('Flags')
    expect(signs(asked, { Flags: 0x3_0000 }, { pathfinding: true })).toBeNull()
    expect(signs(asked, { Flags: 0x5_0000 }, { pathfinding: true })).toContain('Flags')
    expect(signs(payment({ Flags: 0x8001_0000 }), { Flags: 0x1_0000 })).toContain('Flags')
    expect(signs(payment(), { Flags: 0 })).toBeNull()
    expect(signs(payment({ Flags: 0 }), { Flags: null })).toBeNull()
    const offer = { TransactionType: 'OfferCreate', TakerGets: '1', TakerPays: usd('1') }
    expect(signs(offer, { Flags: 0x2_0000 }, { pathfinding: true })).toContain('Flags')
  })

  it('lets the user enter an amount that was left blank, of the asset that was named', () => {
    const blank = { TransactionType: 'Payment', Destination: account }
    expect(signs(blank, { Amount: '99' })).toBeNull()
    expect(signs(payment({ Amount: '0' }), { Amount: '99' })).toBeNull()
    expect(signs(payment({ Amount: usd('0.00') }), { Amount: usd('7') })).toBeNull()
    expect(signs(payment({ Amount: usd('0') }), { Amount: '7' })).toContain('Amount')
    expect(signs(payment({ Amount: usd('0') }), { Amount: { ...usd('7'), currency: 'EUR' } })).toContain('Amount')
    expect(signs(payment({ Amount: '0' }), { Amount: usd('7') })).toContain('Amount')
    expect(signs({ TransactionType: 'EscrowCreate', Amount: '0', Destination: account }, { Amount: '5' })).toContain(
      'Amount',
    )
  })

  it('leaves the way of paying to the wallet with path finding, and only then', () => {
    const asked = payment({ Amount: usd('5'), SendMax: usd('6'), DeliverMin: usd('4') })
    const found = { SendMax: '1000', Paths: [[{ account: other }]], DeliverMin: null }
    expect(signs(asked, found, { pathfinding: true })).toBeNull()
    expect(signs(asked, found)).toContain('is not what was asked for')
    expect(signs(asked, { ...found, Amount: usd('6') }, { pathfinding: true })).toBe(
      'Amount is not what was asked for.',
    )
    const offer = { TransactionType: 'CheckCreate', Destination: account, SendMax: '5' }
    expect(signs(offer, { SendMax: '6' }, { pathfinding: true })).toContain('SendMax')
  })

  it('lets the user say how much a check is good for, and how much to cash', () => {
    const create = { TransactionType: 'CheckCreate', Destination: account }
    expect(signs(create, { SendMax: '5' })).toBeNull()
    expect(signs({ ...create, SendMax: '0' }, { SendMax: '5' })).toBeNull()
    expect(signs({ ...create, SendMax: '4' }, { SendMax: '5' })).toContain('SendMax')

    const cash = { TransactionType: 'CheckCash', CheckID: hash }
    expect(signs(cash, { Amount: '5' })).toBeNull()
    expect(signs(cash, { DeliverMin: '5' })).toBeNull()
    expect(signs(cash, { Amount: '5', DeliverMin: '5' })).toContain('was signed and not asked for')
    expect(signs({ ...cash, Amount: '0' }, { Amount: null, DeliverMin: '5' })).toBeNull()
    expect(signs({ ...cash, Amount: usd('0') }, { Amount: usd('5') })).toBeNull()
    expect(signs({ ...cash, Amount: usd('0') }, { Amount: '5' })).toContain('Amount')
    expect(signs({ ...cash, DeliverMin: '4' }, { DeliverMin: '5' })).toContain('DeliverMin')
    expect(signs({ ...cash, DeliverMin: '4' }, { Amount: '5' })).toContain('Amount')
    expect(signs({ ...cash, Amount: '0' }, { Amount: null })).toContain('Amount')
  })

  it('knows the other fields that the wallet fills in by itself', () => {
    const modify = { TransactionType: 'NFTokenModify', NFTokenID: hash, URI: 'AB', Owner: other }
    expect(signs(modify, { Owner: null })).toBeNull()
    expect(signs({ ...modify, Owner: account }, { Owner: null })).toContain('Owner')
    for (const TransactionType of ['EscrowFinish', 'EscrowCancel']) {
      expect(signs({ TransactionType, Owner: account }, { OfferSequence: 5 })).toBeNull()
      expect(signs({ TransactionType, Owner: account, OfferSequence: 4 }, { OfferSequence: 5 })).toContain(
        'OfferSequence',
      )
    }
    expect(
      signs({ TransactionType: 'OfferCreate', TakerGets: '1', TakerPays: usd('1') }, { OfferSequence: 5 }),
    ).toContain('OfferSequence')
    const channel = { TransactionType: 'PaymentChannelCreate', Destination: account, Amount: '5', SettleDelay: 60 }
    expect(signs(channel, { PublicKey: 'ED' })).toBeNull()
    expect(signs({ ...channel, PublicKey: 'AB' }, { PublicKey: 'ED' })).toContain('PublicKey')
  })

  it('keeps the signers that were gathered before', () => {
    const signer = (Account: string) => ({ Signer: { Account, SigningPubKey: 'ED', TxnSignature: 'AB' } })
    const asked = payment({ ...filled, SigningPubKey: '', TxnSignature: null, Signers: [signer(account)] })
    const signed = { SigningPubKey: '', TxnSignature: null }
    expect(signs(asked, { ...signed, Signers: [signer(account), signer(other)] }, { multisign: true })).toBeNull()
    expect(signs(asked, { ...signed, Signers: [signer(other)] }, { multisign: true })).toContain('Signers')
    expect(signs(asked, { ...signed, Signers: null }, { multisign: true })).toContain('Signers')
    expect(signs(payment(), { ...signed, Signers: [signer(other)] }, { multisign: true })).toBeNull()
  })
})

describe('a SignIn', () => {
  const key = derive.passphrase('match-template')
  const memos = [{ Memo: { MemoType: 'AB', MemoData: 'CD' } }]
  const blobOf = (fields: JsonObject) =>
    (sign({ ...fields, Account: key.address! }, key) as { signedTransaction: string }).signedTransaction
  const matches = (asked: JsonObject, blob: string): boolean => {
    const template = checkTemplate({ txjson: asked }, { forceNetwork: null, multisign: false })
    const decoded = decodeTransaction(blob, 'xrpl')
    if (isRefusal(template) || decoded === null) throw new Error('no case')
    return !isRefusal(matchTemplate(decoded, { template, multisign: false, pathfinding: false }))
  }
  const plain = { TransactionType: 'SignIn' }
  const bound = { TransactionType: 'SignIn', Memos: memos }

  it('signed as the wallet signs it is what was asked for', () => {
    expect(matches(plain, blobOf({ SignIn: true }))).toBe(true)
    expect(matches(bound, blobOf({ TransactionType: 'SignIn', Memos: memos }))).toBe(true)
  })

  it('is not matched by another one, nor by a transaction', () => {
    expect(matches(bound, blobOf({ SignIn: true }))).toBe(false)
    expect(matches(plain, blobOf(bound))).toBe(false)
    expect(
      matches(plain, blobOf({ TransactionType: 'Payment', Destination: account, Amount: '5', Fee: '12', Sequence: 1 })),
    ).toBe(false)
    expect(matches(plain, blobOf({ TransactionType: 'AccountSet', Fee: '12', Sequence: 1 }))).toBe(false)
  })
})
