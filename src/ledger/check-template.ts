import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import { isRefusal, refuse, type Refusal } from '../refusals.ts'
import { decodeTransaction } from './decode.ts'
import { knowsTransactionType } from './definitions.ts'
import { encodeFaithfully } from './encode-faithfully.ts'
import { networkOf } from './networks.ts'
import type { LedgerFamily, Template, TemplateKind } from './template.ts'
import { fieldsAskedFor, troubleWithShape, withoutNulls, withoutType } from './template-fields.ts'

/** Exactly one of the two, as the create call had it. */
export type TemplateInput = { readonly txjson: JsonObject } | { readonly txblob: string }

export interface TemplateContext {
  /** A key of the networks table. */
  readonly forceNetwork: string | null
  readonly multisign: boolean
}

/**
 * The template that a wallet is asked to sign. Refuses with 601 a `txblob` that does not decode, with 602 an unknown type,
 * and with 603 what cannot be encoded, or would be encoded as something else than what was written; the sentence names
 * the field.
 *
 * Asked is whether it can be signed, not whether the ledger would take it: required fields may be missing, and types that
 * only a ledger itself writes (EnableAmendment) are types like others.
 */
export const checkTemplate = (input: TemplateInput, context: TemplateContext): Template | Refusal => {
  const families = familiesOf(context.forceNetwork)
  const given = 'txblob' in input ? fieldsOfBlob(input.txblob, families) : { fields: input.txjson, families }
  if (isRefusal(given)) return given
  const shapeTrouble = troubleWithShape(given.fields)
  if (shapeTrouble !== null) return refuse('templateInvalid', shapeTrouble)

  const fields = withoutNulls(given.fields) as JsonObject
  const type = typeOf(fields, given.families)
  if (isRefusal(type)) return type
  const asked = fieldsAskedFor(fields, type.kind, context.multisign)
  const incomplete = troubleWithSigners(asked) ?? troubleWithAuthorization(asked, type.kind)
  if (incomplete !== null) return refuse('templateInvalid', incomplete)

  return firstThatEncodes(asked, type)
}

/** Without a forced network the same template may be meant for either ledger; XRPL's reading goes first. */
const familiesOf = (forceNetwork: string | null): readonly LedgerFamily[] => {
  const network = forceNetwork === null ? null : networkOf(forceNetwork)
  return network === null ? ['xrpl', 'xahau'] : [network.family]
}

interface Given {
  readonly fields: JsonObject
  readonly families: readonly LedgerFamily[]
}

const fieldsOfBlob = (txblob: string, families: readonly LedgerFamily[]): Given | Refusal => {
  for (const family of families) {
    const decoded = decodeTransaction(txblob, family)
    if (decoded !== null && 'TransactionType' in decoded.json) return { fields: decoded.json, families: [family] }
  }
  return refuse('txblobInvalid')
}

interface TemplateType {
  readonly transactionType: string
  readonly kind: TemplateKind
  readonly families: readonly LedgerFamily[]
}

const pseudoKinds: Readonly<Record<string, TemplateKind>> = {
  SignIn: 'signIn',
  PaymentChannelAuthorize: 'paymentChannelAuthorize',
}

const typeOf = (fields: JsonObject, families: readonly LedgerFamily[]): TemplateType | Refusal => {
  const transactionType = fields['TransactionType']
  if (typeof transactionType !== 'string')
    return refuse('transactionTypeUnknown', 'The template has no TransactionType.')
  const kind = Object.hasOwn(pseudoKinds, transactionType) ? pseudoKinds[transactionType]! : 'transaction'
  const knowing =
    kind === 'transaction' ? families.filter((family) => knowsTransactionType(family, transactionType)) : families
  if (knowing.length > 0) return { transactionType, kind, families: knowing }
  const where = families.length === 1 ? ' on the network that is forced' : ''
  return refuse(
    'transactionTypeUnknown',
    `The TransactionType ${JSON.stringify(transactionType.slice(0, 64))} is unknown${where}.`,
  )
}

/** The hosted platform takes uuids of other payloads here and gathers their signatures; see docs/decisions/0006. */
const troubleWithSigners = (fields: JsonObject): string | null => {
  const signers = fields['BatchSigners']
  return Array.isArray(signers) && signers.some((signer) => typeof signer === 'string')
    ? 'BatchSigners has to be an array of objects: signatures are not gathered by the uuids of other payloads.'
    : null
}

/** What is signed of a PaymentChannelAuthorize is these two and nothing else. */
const troubleWithAuthorization = (fields: JsonObject, kind: TemplateKind): string | null => {
  if (kind !== 'paymentChannelAuthorize') return null
  if (fields['Channel'] === undefined) return 'Channel has to be given: 64 hex digits.'
  const amount = fields['Amount']
  return typeof amount === 'string' || typeof amount === 'number' ? null : 'Amount has to be given, in drops.'
}

/** By the first family that can; else the first one's refusal. */
const firstThatEncodes = (asked: JsonObject, type: TemplateType): Template | Refusal => {
  let refusal: Refusal | null = null
  for (const family of type.families) {
    const template = encodeAs(asked, type, family)
    if (!isRefusal(template)) return template
    refusal ??= template
  }
  return refusal ?? refuse('transactionTypeUnknown')
}

const encodeAs = (asked: JsonObject, type: TemplateType, family: LedgerFamily): Template | Refusal => {
  const { kind, transactionType } = type
  const fields = kind === 'transaction' ? asked : withoutType(asked)
  if (family === 'xahau' && namesNativeCurrency(fields)) {
    return refuse('templateInvalid', 'A currency is called XAH or XRP; on Xahau it has to be given as 40 hex digits.')
  }
  const encoded = encodeFaithfully(fields, family)
  if ('trouble' in encoded) {
    return refuse('templateInvalid', `${encoded.at === '' ? 'The template' : encoded.at} ${encoded.trouble}.`)
  }
  return { kind, transactionType, family, json: { TransactionType: transactionType, ...encoded.json } }
}

/** Our codec takes XRP for the native currency, the wallet's takes XAH on Xahau; each has the other for an issued one. */
const namesNativeCurrency = (value: Json): boolean => {
  if (typeof value !== 'object' || value === null) return false
  const named = isJsonObject(value) ? value['currency'] : null
  return named === 'XAH' || named === 'XRP' || Object.values(value).some((held: Json) => namesNativeCurrency(held))
}
