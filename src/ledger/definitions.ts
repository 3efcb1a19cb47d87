import xahauData from '@transia/ripple-binary-codec/dist/enums/definitions.json' with { type: 'json' }
import { DEFAULT_DEFINITIONS, XrplDefinitions, type XrplDefinitionsBase } from 'ripple-binary-codec'
import type { LedgerFamily } from './template.ts'
import { newerXahauFields, newerXahauTransactionTypes } from './xahau-additions.ts'

/**
 * The two sets of definitions that transactions are encoded by: which types and fields there are and how they are
 * numbered. XRPL's come with its codec. Xahau's are data of the package `@transia/ripple-binary-codec`, read by the same
 * codec; its own code is never loaded.
 *
 * Where both ledgers have a transaction type of the same name, it has the same number, and its fields are laid out alike
 * (a test holds this), so a Payment is the same bytes on either. Beyond that the numbers overlap: 45 is another type in
 * each.
 */
export type Definitions = XrplDefinitionsBase

let xahau: Definitions | undefined

/** Xahau's are put together at the first use, which takes 4 ms: most processes never meet Xahau. */
const xahauDefinitions = (): Definitions =>
  (xahau ??= new XrplDefinitions({
    ...xahauData,
    TRANSACTION_TYPES: { ...xahauData.TRANSACTION_TYPES, ...newerXahauTransactionTypes },
    FIELDS: [...xahauData.FIELDS, ...newerXahauFields],
  }))

export const definitionsOf = (family: LedgerFamily): Definitions =>
  family === 'xrpl' ? DEFAULT_DEFINITIONS : xahauDefinitions()

/** Every type the ledgers' definitions name, the ones that only a ledger itself may write included. */
export const knowsTransactionType = (family: LedgerFamily, transactionType: string): boolean =>
  definitionsOf(family).transactionNames.includes(transactionType)

/** How a field is laid out, as far as this project looks at it. */
export interface FieldLayout {
  readonly name: string
  readonly type: { readonly name: string }
  readonly isVariableLengthEncoded: boolean
  /** Some names stand for what is never part of a transaction, `hash` for one. */
  readonly isSerialized: boolean
}

/** The codec keeps fields by name and by ordinal in one object, beside its own methods; only real fields come out here. */
const lookUp = (definitions: Definitions, key: string): FieldLayout | undefined =>
  Object.hasOwn(definitions.field, key) ? definitions.field.fromString(key) : undefined

export const fieldByName = (definitions: Definitions, name: string): FieldLayout | undefined => {
  const field = lookUp(definitions, name)
  return field?.name === name && field.isSerialized ? field : undefined
}

export const fieldByOrdinal = (definitions: Definitions, ordinal: number): FieldLayout | undefined =>
  lookUp(definitions, String(ordinal))

/** The number behind a name of one of the lists that the definitions carry; null when there is none. */
export const ordinalOf = (
  definitions: Definitions,
  list: 'transactionType' | 'ledgerEntryType' | 'transactionResult' | 'delegatablePermissions',
  nameOrNumber: string,
): number | null => {
  const lookup = definitions[list]
  // beside its entries the list has members of its own
  const entry: unknown = Object.hasOwn(lookup, nameOrNumber) ? lookup.from(nameOrNumber) : null
  const ordinal = typeof entry === 'object' && entry !== null && 'ordinal' in entry ? entry.ordinal : null
  return typeof ordinal === 'number' && ordinal >= 0 ? ordinal : null
}
