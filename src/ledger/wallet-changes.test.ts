import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { encodeAccountID } from 'ripple-address-codec'
import { encode } from 'ripple-binary-codec'
import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../json.ts'
import { describeRefusal, isRefusal } from '../refusals.ts'
import { checkTemplate } from './check-template.ts'
import { decodeTransaction } from './decode.ts'
import { definitionsOf, fieldByName } from './definitions.ts'
import { roundTrip } from './encode-faithfully.ts'
import { matchTemplate } from './match-template.ts'
import type { LedgerFamily, Template } from './template.ts'
import { walletChanges } from './wallet-changes.ts'

const hex = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((one) => Buffer.from(one).toString('hex'))
const account = fc.uint8Array({ minLength: 20, maxLength: 20 }).map((one) => encodeAccountID(one))
const currency = fc.constantFrom('USD', 'eur', 'AB'.repeat(20), '0158415500000000C1F76FF6ECB0BAC600000000')
const decimal = fc.tuple(fc.integer(), fc.nat({ max: 30 })).map(([digits, power]) => `${digits}e-${power}`)
const issued = fc.record({ currency, issuer: account, value: decimal })
const drops = fc.nat().map(String)

/** Values of each type of the codec, written as a person might. */
const values: Record<string, fc.Arbitrary<Json>> = {
  UInt8: fc.nat({ max: 0xff }),
  UInt16: fc.nat({ max: 0xffff }),
  UInt32: fc.oneof(fc.nat(), fc.nat().map(String)),
  UInt64: drops,
  Int32: fc.integer(),
  Number: decimal,
  Hash128: hex(16),
  Hash160: hex(20),
  Hash192: hex(24),
  Hash256: hex(32),
  Vector256: fc.array(hex(32), { maxLength: 3 }),
  Blob: fc.uint8Array({ maxLength: 300 }).map((one) => Buffer.from(one).toString('hex')),
  AccountID: account,
  Amount: fc.oneof(drops, fc.nat(), issued, fc.record({ mpt_issuance_id: hex(24), value: drops })),
  Currency: currency,
  Issue: fc.oneof(
    fc.constant({ currency: 'XRP' }),
    fc.record({ currency, issuer: account }),
    fc.record({ mpt_issuance_id: hex(24) }),
  ),
  PathSet: fc.array(fc.array(fc.record({ account, currency, issuer: account }), { minLength: 1, maxLength: 2 }), {
    minLength: 1,
    maxLength: 2,
  }),
  STObject: fc.record({ MemoData: hex(3) }),
  STArray: fc.array(fc.record({ Memo: fc.record({ MemoData: hex(3) }) }), { maxLength: 2 }),
}

/** Written by name, of a stricter kind than their type, or not the template's to say. */
const apart = [
  'TransactionType',
  'LedgerEntryType',
  'TransactionResult',
  'PermissionValue',
  'FeeAmountDelta',
  'ObjectEndMarker',
  'ArrayEndMarker',
]

const changeable = (transactionType: string): Set<string> =>
  new Set(walletChanges.filter(({ types }) => types?.includes(transactionType) ?? true).flatMap(({ fields }) => fields))

const filled = {
  Account: 'rPEPPER7kfTD9w2To4CQk6UCfuHM9c6GDY',
  Sequence: 7,
  Fee: '12',
  LastLedgerSequence: 0xffff_ffff,
  SigningPubKey: 'ED',
  TxnSignature: 'AB',
}

interface Case {
  readonly family: LedgerFamily
  readonly type: string
  /** A field, what is asked of it, and another value for it. */
  readonly fields: readonly (readonly [name: string, asked: Json, other: Json])[]
  readonly multisign: boolean
  readonly pathfinding: boolean
}

const casesOf = (family: LedgerFamily): fc.Arbitrary<Case> => {
  const definitions = definitionsOf(family)
  const usable = Object.keys(definitions.field).flatMap((name) => {
    const value = values[fieldByName(definitions, name)?.type.name ?? '']
    return value === undefined || apart.includes(name) ? [] : [fc.tuple(fc.constant(name), value, value)]
  })
  return fc.record({
    family: fc.constant(family),
    type: fc.constantFrom(...definitions.transactionNames),
    fields: fc.uniqueArray(fc.oneof(...usable), { selector: ([name]) => name, minLength: 2, maxLength: 8 }),
    multisign: fc.boolean(),
    pathfinding: fc.boolean(),
  })
}

/** A template of any type, with any fields but those that a wallet may change. */
const cases = fc
  .oneof(casesOf('xrpl'), casesOf('xahau'))
  .map((one): Case => ({ ...one, fields: one.fields.filter(([name]) => !changeable(one.type).has(name)) }))
  .filter(({ fields }) => fields.length > 0)

const templateOf = ({ family, type, fields, multisign }: Case): Template => {
  const txjson = { ...Object.fromEntries(fields), TransactionType: type }
  const template = checkTemplate({ txjson }, { forceNetwork: family === 'xrpl' ? 'TESTNET' : 'XAHAU', multisign })
  if (isRefusal(template)) throw new Error(describeRefusal(template).message)
  return template
}

const verdict = (one: Case, template: Template, signed: JsonObject | string): string => {
  const blob = typeof signed === 'string' ? signed : encode(signed, definitionsOf(one.family))
  const decoded = decodeTransaction(blob, one.family)
  if (decoded === null) return 'undecodable'
  const result = matchTemplate(decoded, { ...one, template })
  return isRefusal(result) ? describeRefusal(result).message : 'matches'
}

describe('whatever is asked for', () => {
  it('is matched when it is signed, and no longer when one field is changed, left out or added', () => {
    fc.assert(
      fc.property(cases, (one) => {
        const [[name, , other], ...rest] = one.fields as [Case['fields'][number], ...Case['fields']]
        const template = templateOf(one)
        const signed = { ...template.json, ...filled }
        expect(verdict(one, template, signed)).toBe('matches')

        const without = templateOf({ ...one, fields: rest })
        expect(verdict(one, without, signed)).toBe(`${name} was signed and not asked for.`)
        expect(verdict(one, template, { ...without.json, ...filled })).toBe(`${name} was asked for and not signed.`)

        const changed = templateOf({ ...one, fields: [[name, other, other], ...rest] })
        const isSame = isDeepStrictEqual(roundTrip(changed.json, one.family), roundTrip(template.json, one.family))
        const expected = isSame ? 'matches' : `${name} is not what was asked for.`
        expect(verdict(one, template, { ...changed.json, ...filled })).toBe(expected)
      }),
      { numRuns: 200 },
    )
  })

  it('is matched after a flipped bit only where a wallet may change what it is in', () => {
    fc.assert(
      fc.property(cases, fc.nat(), (one, bit) => {
        const template = templateOf(one)
        const bytes = Buffer.from(encode({ ...template.json, ...filled }, definitionsOf(one.family)), 'hex')
        const at = bit % (8 * bytes.length)
        bytes[at >> 3]! ^= 1 << (at & 7)
        const flipped = bytes.toString('hex')
        if (verdict(one, template, flipped) !== 'matches') return
        const asked: JsonObject = roundTrip(template.json, one.family)!
        const { json } = decodeTransaction(flipped, one.family)!
        const free = changeable(one.type)
        for (const field of Object.keys({ ...asked, ...json })) {
          if (!free.has(field)) expect(json[field]).toEqual(asked[field])
        }
      }),
      { numRuns: 200 },
    )
  })
})
