import { decode, encode, type XrplDefinitionsBase } from 'ripple-binary-codec'
import { describe, expect, it } from 'vitest'
import { definitionsOf, fieldByName, fieldByOrdinal, knowsTransactionType, type FieldLayout } from './definitions.ts'
import { newerXahauFields } from './xahau-additions.ts'

const xrpl = definitionsOf('xrpl')
const xahau = definitionsOf('xahau')
const account = 'rPEPPER7kfTD9w2To4CQk6UCfuHM9c6GDY'
const hash = 'AB'.repeat(32)

const allFields = (definitions: XrplDefinitionsBase): FieldLayout[] =>
  Object.keys(definitions.field).flatMap((name) => fieldByName(definitions, name) ?? [])

describe('definitions', () => {
  it('knows the types of each ledger', () => {
    expect(knowsTransactionType('xrpl', 'Payment')).toBe(true)
    expect(knowsTransactionType('xahau', 'Payment')).toBe(true)
    expect(knowsTransactionType('xrpl', 'URITokenMint')).toBe(false)
    expect(knowsTransactionType('xahau', 'XChainAddClaimAttestation')).toBe(false)
    expect(knowsTransactionType('xrpl', 'Invalid')).toBe(false)
    expect(knowsTransactionType('xrpl', 'toString')).toBe(false)
  })

  it('looks up real fields only', () => {
    expect(fieldByName(xrpl, 'Destination')?.type.name).toBe('AccountID')
    expect(fieldByName(xrpl, 'hash')).toBeUndefined()
    expect(fieldByName(xrpl, 'fromString')).toBeUndefined()
    expect(fieldByName(xrpl, '131076')).toBeUndefined()
    expect(fieldByOrdinal(xrpl, 131076)?.name).toBe('Sequence')
  })

  it('finds what both ledgers name alike laid out alike, so that a shared type is the same bytes on either', () => {
    const layouts = (definitions: XrplDefinitionsBase) =>
      new Map(allFields(definitions).map((field) => [field.name, JSON.stringify({ ...field, associatedType: null })]))
    const other = layouts(xahau)
    const differing = [...layouts(xrpl)].filter(([name, layout]) => other.has(name) && other.get(name) !== layout)
    // ObjectID occurs only in SetRemarks of Xahau and in SponsorshipTransfer of XRPL
    expect(differing.map(([name]) => name)).toEqual(['ObjectID'])

    const code = (definitions: XrplDefinitionsBase, type: string) => definitions.transactionType.from(type).ordinal
    const shared = xrpl.transactionNames.filter((type) => xahau.transactionNames.includes(type))
    expect(shared.length).toBeGreaterThan(25)
    for (const type of shared) expect([type, code(xahau, type)]).toEqual([type, code(xrpl, type)])
  })

  it('can read and write every field of both ledgers but those of types no transaction uses', () => {
    for (const definitions of [xrpl, xahau]) {
      const unusable = allFields(definitions).filter((field) => !(field.type.name in definitions.getAssociatedTypes()))
      expect(unusable.map((field) => field.name)).toEqual(['Generic'].filter((name) => fieldByName(definitions, name)))
    }
  })

  it('adds to Xahau only what its package lacks', () => {
    const names = allFields(xahau).map((field) => field.name)
    expect(new Set(names).size).toBe(names.length)
    for (const [name] of newerXahauFields) expect(names).toContain(name)
  })

  it.each([
    [
      'SetHook',
      {
        Hooks: [
          {
            Hook: {
              CreateCode: '0061736D',
              Flags: 1,
              HookApiVersion: 0,
              HookNamespace: hash,
              HookOn: hash,
              HookCanEmit: hash,
              HookParameters: [{ HookParameter: { HookParameterName: 'AB', HookParameterValue: 'CD' } }],
              HookGrants: [{ HookGrant: { HookHash: hash, Authorize: account } }],
            },
          },
        ],
      },
    ],
    ['Invoke', { Blob: 'DEADBEEF', Destination: account }],
    ['Import', { Blob: 'AB'.repeat(20_000), Issuer: account }],
    [
      'GenesisMint',
      { GenesisMints: [{ GenesisMint: { Destination: account, Amount: '1000', GovernanceFlags: hash } }] },
    ],
    [
      'Remit',
      {
        Destination: account,
        Amounts: [{ AmountEntry: { Amount: '5' } }],
        URITokenIDs: [hash, hash],
        MintURIToken: { URI: 'AB', Digest: hash, Flags: 1 },
        Inform: account,
      },
    ],
    ['URITokenMint', { URI: 'AB', Digest: hash, Destination: account, Amount: '1' }],
    ['ClaimReward', { Issuer: account, Flags: 1 }],
    ['SetRemarks', { ObjectID: hash, Remarks: [{ Remark: { RemarkName: 'AB', RemarkValue: 'CD' } }] }],
    ['CronSet', { StartTime: 1, DelaySeconds: 60, RepeatCount: 3 }],
  ])('writes and reads a %s of Xahau', (TransactionType, fields) => {
    const transaction = { TransactionType, Account: account, Fee: '10', Sequence: 1, ...fields }
    expect(decode(encode(transaction, xahau), xahau)).toEqual(transaction)
  })
})
