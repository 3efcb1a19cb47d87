import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import { hasSoundText } from '../sound-text.ts'
import type { TemplateKind } from './template.ts'

/** Objects and arrays within each other. A memo of a transaction in a batch lies at 7. */
export const maxTemplateDepth = 16

/** Members and elements of all depths together: some three for each field that is encoded. */
export const maxTemplateValues = 4096

const isShallow = (value: Json, levels: number): boolean => {
  if (typeof value !== 'object' || value === null) return true
  return levels > 0 && Object.values(value).every((held: Json) => isShallow(held, levels - 1))
}

const countValues = (value: Json): number =>
  typeof value === 'object' && value !== null
    ? Object.values(value).reduce((sum: number, held: Json) => sum + countValues(held), 1)
    : 1

/** What is wrong with an object before anybody asks what it is; null when nothing. */
export const troubleWithShape = (fields: JsonObject): string | null => {
  if (!isShallow(fields, maxTemplateDepth)) return `The template is nested more than ${maxTemplateDepth} deep.`
  if (countValues(fields) > maxTemplateValues) return 'The template has more fields than any transaction.'
  if (!hasSoundText(fields)) return 'A string in the template has U+0000 or half a surrogate pair in it.'
  return null
}

/** Nulls stand for what is absent; some SDKs write every field they know. */
export const withoutNulls = (value: Json): Json => {
  if (Array.isArray(value)) return value.filter((held) => held !== null).map(withoutNulls)
  if (!isJsonObject(value)) return value
  const present = Object.entries(value).filter(([, held]) => held !== null)
  return Object.fromEntries(present.map(([name, held]) => [name, withoutNulls(held)]))
}

/**
 * Fields that any transaction may have and that the wallet leaves in a pseudo transaction when it signs it.
 * Source: XRPL-Labs/Xaman-App, src/common/libs/ledger/transactions/common.ts and pseudo/base.ts, less the signatures.
 */
const commonFields = [
  'Account',
  'AccountTxnID',
  'Fee',
  'FirstLedgerSequence',
  'Flags',
  'HookParameters',
  'LastLedgerSequence',
  'Memos',
  'NetworkID',
  'OperationLimit',
  'PreviousTxnID',
  'Sequence',
  'SourceTag',
  'TicketSequence',
]

const pseudoFields: Readonly<Record<Exclude<TemplateKind, 'transaction'>, ReadonlySet<string>>> = {
  signIn: new Set(commonFields),
  paymentChannelAuthorize: new Set([...commonFields, 'Channel', 'Amount']),
}

/** What an earlier signature left behind; the wallet writes its own. */
const signatureFields = new Set(['SigningPubKey', 'TxnSignature'])

/**
 * The fields that are asked for: of a pseudo transaction those that the wallet signs, and no signatures, which makes a
 * template of an already signed blob. The signers gathered so far for a multisignature stay.
 */
export const fieldsAskedFor = (fields: JsonObject, kind: TemplateKind, multisign: boolean): JsonObject => {
  const isAskedFor = (name: string): boolean => {
    if (name === 'TransactionType') return true
    if (kind !== 'transaction') return pseudoFields[kind].has(name)
    return !signatureFields.has(name) && (multisign || name !== 'Signers')
  }
  return Object.fromEntries(Object.entries(fields).filter(([name]) => isAskedFor(name)))
}

/** A pseudo type is no field of what is signed. */
export const withoutType = (fields: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => name !== 'TransactionType'))
