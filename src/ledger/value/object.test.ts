import { describe, expect, it } from 'vitest'
import type { Json } from '../../json.ts'
import { definitionsOf, fieldByName } from '../definitions.ts'
import { encodeFaithfully } from '../encode-faithfully.ts'
import { readObject } from './object.ts'

const account = 'rPEPPER7kfTD9w2To4CQk6UCfuHM9c6GDY'
const token = '00000001'.padEnd(48, 'C')

/** Per type that is made of others: a field of it, values that can only mean one thing, and values that cannot. */
const types: Record<string, { field: string; clear: Json[]; unclear: Json[] }> = {
  Currency: {
    field: 'BaseAsset',
    clear: ['XRP', 'USD', 'a$]', '00'.repeat(20), 'AB'.repeat(20)],
    unclear: ['', 'X', 'XRPL', '€€€', '   ', 5, {}],
  },
  Issue: {
    field: 'Asset',
    clear: [{ currency: 'XRP' }, { currency: 'USD', issuer: account }, { mpt_issuance_id: token }],
    unclear: [
      {},
      'XRP',
      { currency: 'USD' },
      { currency: 'XRP', issuer: account },
      { currency: '00'.repeat(20), issuer: account },
      { issuer: account },
      { currency: '' },
      { currency: 'XRP', mpt_issuance_id: token },
      { mpt_issuance_id: 'AB' },
    ],
  },
  XChainBridge: {
    field: 'XChainBridge',
    clear: [
      {
        LockingChainDoor: account,
        LockingChainIssue: { currency: 'XRP' },
        IssuingChainDoor: account,
        IssuingChainIssue: { currency: 'USD', issuer: account },
      },
    ],
    unclear: [
      {},
      { LockingChainDoor: account, LockingChainIssue: 'XRP', IssuingChainDoor: account, IssuingChainIssue: 'XRP' },
      { LockingChainDoor: account, LockingChainIssue: { currency: 'XRP' }, IssuingChainDoor: account },
    ],
  },
  PathSet: {
    field: 'Paths',
    clear: [
      [[{ account }]],
      [[{ currency: 'USD', issuer: account }, { account }], [{ currency: 'XRP' }]],
      [[{ currency: 'USD', issuer: account, type: 48, type_hex: '0000000000000030' }]],
    ],
    unclear: [
      [],
      [[]],
      [[{}]],
      [{ account }],
      'none',
      [[{ account: 'r' }]],
      [[{ account, extra: 1 }]],
      [[{ account, type: 48 }]],
      [[{ type: 0 }]],
      [[{ account: '' }]],
      [[{ currency: 'US' }]],
      [[{ account }], []],
    ],
  },
  STObject: {
    field: 'SponsorSignature',
    clear: [{}, { SigningPubKey: 'AB' }],
    unclear: ['', [], { signingPubKey: 'AB' }, { SigningPubKey: 'A' }, { Nonsense: 1 }],
  },
  STArray: {
    field: 'Memos',
    clear: [[], [{ Memo: {} }], [{ Memo: { MemoData: 'AB' } }, { Memo: { MemoType: '' } }]],
    unclear: [
      {},
      'AB',
      [{ MemoData: 'AB' }],
      [{ Memo: { MemoData: 'AB' }, Extra: {} }],
      [{ Memo: 'AB' }],
      [{ memo: {} }],
      [{}],
      [[]],
      ['63f4dd1b-c5ee-4bc1-8b5d-2a4a1a3fd3d6'],
      [{ Flags: 5 }],
    ],
  },
  'name of a transaction type': {
    field: 'TransactionType',
    clear: ['Payment'],
    unclear: ['Nonsense', 'Invalid', 'ordinalWidth', 'toString', '', 0, {}],
  },
  'name of a permission': {
    field: 'PermissionValue',
    clear: ['Payment', 'PaymentMint', 1, 65_537],
    unclear: ['Nonsense', '', 999, 1.5, {}],
  },
  'name of a result': { field: 'TransactionResult', clear: ['tesSUCCESS'], unclear: ['Nonsense', 0, 'ordinalWidth'] },
  'type of a ledger entry': { field: 'LedgerEntryType', clear: ['Offer'], unclear: ['Nonsense', 111, 'Invalid'] },
}

const flat = (of: 'clear' | 'unclear') =>
  Object.entries(types).flatMap(([type, one]) =>
    one[of].map((value) => [type, JSON.stringify(value).slice(0, 80), one.field, value] as const),
  )

describe('readObject', () => {
  it.each(flat('clear'))('takes a %s of %s', (_, __, field, value) => {
    const result = encodeFaithfully({ [field]: value }, 'xrpl')
    expect(result).toEqual({ json: { [field]: value } })
  })

  it.each(flat('unclear'))('refuses a %s of %s', (_, __, field, value) => {
    const result = readObject(definitionsOf('xrpl'))({ [field]: value })
    expect('trouble' in result && result.at.startsWith(field)).toBe(true)
  })

  it('has a rule for the type of every field of both ledgers', () => {
    for (const family of ['xrpl', 'xahau'] as const) {
      const definitions = definitionsOf(family)
      const names = Object.keys(definitions.field).filter((name) => fieldByName(definitions, name) !== undefined)
      const unread = names.filter((name) => {
        const reading = readObject(definitions)({ [name]: true })
        return 'trouble' in reading && reading.trouble.includes('cannot be encoded')
      })
      // a field of no type at all
      expect(unread.filter((name) => name !== 'Generic')).toEqual([])
    }
  })
})
