import { isJsonObject, type Json, type JsonObject } from '../../json.ts'
import { fieldByName, ordinalOf, type Definitions, type FieldLayout } from '../definitions.ts'
import { readAccount, splitXAddress } from './account.ts'
import { readAmount, readSignedDrops } from './amount.ts'
import { readBridge, readCurrency, readIssue } from './asset.ts'
import { readDecimal } from './decimal.ts'
import { readBlob, readHash, readHash128, readHashes } from './hex.ts'
import { readInteger, readUInt64 } from './integer.ts'
import { readPathSet } from './path-set.ts'
import { clear, readElements, readMembers, unclear, within, type Reader, type Unclear } from './reading.ts'

/** How the values of each type of the codec are read. */
const byType: Readonly<Record<string, Reader>> = {
  UInt8: readInteger(0, 0xff),
  UInt16: readInteger(0, 0xffff),
  UInt32: readInteger(0, 0xffff_ffff),
  Int32: readInteger(-0x8000_0000, 0x7fff_ffff),
  Number: readDecimal,
  Amount: readAmount,
  Blob: readBlob,
  Hash128: readHash128,
  Hash160: readHash(20),
  Hash192: readHash(24),
  Hash256: readHash(32),
  Vector256: readHashes,
  AccountID: readAccount,
  Currency: readCurrency,
  Issue: readIssue,
  XChainBridge: readBridge,
  PathSet: readPathSet,
}

/** Fields that the codec writes as numbers and reads as names. */
const named: Readonly<Record<string, { list: Parameters<typeof ordinalOf>[1]; wanted: string; numbers: boolean }>> = {
  TransactionType: { list: 'transactionType', wanted: 'a transaction type', numbers: false },
  LedgerEntryType: { list: 'ledgerEntryType', wanted: 'a type of ledger entry', numbers: false },
  TransactionResult: { list: 'transactionResult', wanted: 'a result', numbers: false },
  PermissionValue: { list: 'delegatablePermissions', wanted: 'a permission', numbers: true },
}

const readerOf = (field: FieldLayout, definitions: Definitions): Reader => {
  const names = named[field.name]
  if (names !== undefined) {
    return (value) => {
      const nameable = typeof value === 'string' || (names.numbers && typeof value === 'number')
      const ordinal = nameable ? ordinalOf(definitions, names.list, String(value)) : null
      return ordinal === null ? unclear(`has to be the name of ${names.wanted}`) : clear(value, ordinal)
    }
  }
  if (field.name === 'FeeAmountDelta') return readSignedDrops
  switch (field.type.name) {
    case 'STObject':
      return readObject(definitions)
    case 'STArray':
      return readArray(definitions)
    case 'UInt64':
      return readUInt64(field.name)
    default:
      return byType[field.type.name] ?? (() => unclear('is of a type that cannot be encoded'))
  }
}

const fieldReader =
  (definitions: Definitions) =>
  (name: string): Reader => {
    const field = fieldByName(definitions, name)
    return field === undefined ? () => unclear('is no field of a transaction') : readerOf(field, definitions)
  }

/** The two fields whose X-address may bring a tag, and where the tag goes. */
const tagFields: Readonly<Record<string, string>> = { Account: 'SourceTag', Destination: 'DestinationTag' }

/** X-addresses with a tag become a classic address and the tag in a field of its own, as the codec does it. */
const splitAddresses = (object: JsonObject): { readonly fields: JsonObject } | Unclear => {
  const fields = { ...object }
  for (const [name, tagName] of Object.entries(tagFields)) {
    const value = object[name]
    const address = typeof value === 'string' ? splitXAddress(value) : null
    if (typeof address?.tag !== 'number') continue
    if (Object.hasOwn(object, tagName)) return within(name, unclear(`has a tag in it, and ${tagName} is another`))
    fields[name] = address.account
    fields[tagName] = address.tag
  }
  return { fields }
}

/** An object of fields: a transaction, or what is nested in one. */
export const readObject =
  (definitions: Definitions): Reader =>
  (value) => {
    if (!isJsonObject(value)) return unclear('has to be an object')
    const split = splitAddresses(value)
    return 'fields' in split ? readMembers(split.fields, fieldReader(definitions)) : split
  }

/** An array of objects, each wrapped in the name of what it is: `[{ "Memo": { … } }]`. */
const readArray =
  (definitions: Definitions): Reader =>
  (value) => {
    const readElement: Reader = (element: Json) => {
      const names = isJsonObject(element) ? Object.keys(element) : []
      const [name] = names
      const field = name === undefined || names.length > 1 ? undefined : fieldByName(definitions, name)
      return field?.type.name === 'STObject'
        ? readMembers(element as JsonObject, fieldReader(definitions))
        : unclear('has to be an object with one member, whose name says what it is')
    }
    return Array.isArray(value) ? readElements(value, readElement) : unclear('has to be an array')
  }
