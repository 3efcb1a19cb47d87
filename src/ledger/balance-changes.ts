import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import { negate, readDecimal, subtract, writeDecimal, type Decimal } from './exact-decimal.ts'

/** By how much one balance of one account went up, or down when negative. */
export interface BalanceChange {
  readonly account: string
  /** The other side of the trust line; null for the ledger's own asset. */
  readonly counterparty: string | null
  /** As the ledger writes it; null for the ledger's own asset. */
  readonly currency: string | null
  /** In whole units, not drops: exact decimal text. */
  readonly value: string
}

/** What a validated transaction moved, by the metadata that the ledger keeps with it; fees are in it. */
export const balanceChanges = (metadata: JsonObject): BalanceChange[] => {
  const nodes = metadata['AffectedNodes']
  return Array.isArray(nodes) ? nodes.flatMap(changesOf) : []
}

const dropsInUnit = 6

const changesOf = (affected: Json): BalanceChange[] => {
  const node = isJsonObject(affected) ? Object.values(affected)[0] : undefined
  if (!isJsonObject(node)) return []
  const after = objectIn(node, 'NewFields') ?? objectIn(node, 'FinalFields')
  const created = isJsonObject(node['NewFields'])
  const before = created ? {} : objectIn(node, 'PreviousFields')
  if (after === null || before === null || (!created && !('Balance' in before))) return []
  if (node['LedgerEntryType'] === 'AccountRoot') return ownAsset(before, after)
  return node['LedgerEntryType'] === 'RippleState' ? trustLine(before, after) : []
}

const ownAsset = (before: JsonObject, after: JsonObject): BalanceChange[] => {
  const drops = difference(after['Balance'], before['Balance'])
  if (drops === null) return []
  const value = writeDecimal({ ...drops, exponent: drops.exponent - dropsInUnit })
  return [{ account: textIn(after, 'Account'), counterparty: null, currency: null, value }]
}

/** A trust line's balance is told from its low side, so the high side has the opposite. */
const trustLine = (before: JsonObject, after: JsonObject): BalanceChange[] => {
  const amount = objectIn(after, 'Balance')
  const moved = difference(amount?.['value'], objectIn(before, 'Balance')?.['value'])
  if (amount === null || moved === null) return []
  const currency = textIn(amount, 'currency')
  const low = textIn(objectIn(after, 'LowLimit'), 'issuer')
  const high = textIn(objectIn(after, 'HighLimit'), 'issuer')
  return [
    { account: low, counterparty: high, currency, value: writeDecimal(moved) },
    { account: high, counterparty: low, currency, value: writeDecimal(negate(moved)) },
  ]
}

/** Null when there is none, or what there is reads as no number. */
const difference = (after: Json | undefined, before: Json | undefined): Decimal | null => {
  const to = typeof after === 'string' ? readDecimal(after) : null
  const from = readDecimal(typeof before === 'string' ? before : '0')
  const moved = to === null || from === null ? null : subtract(to, from)
  return moved === null || moved.digits === 0n ? null : moved
}

const objectIn = (object: JsonObject, key: string): JsonObject | null => {
  const { [key]: value } = object
  return isJsonObject(value) ? value : null
}

const textIn = (object: JsonObject | null, key: string): string => {
  const value = object?.[key]
  return typeof value === 'string' ? value : ''
}
