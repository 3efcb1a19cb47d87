import { isJsonObject, type Json } from '../json.ts'
import { definitionsOf, fieldByName } from '../ledger/definitions.ts'
import { decodeMemos, textOfHex } from '../ledger/memos.ts'
import { networkOf } from '../ledger/networks.ts'
import type { SignRequest } from '../payload/payload.ts'
import { readableAmount } from './readable-amount.ts'
import { fill, type Words } from './words.ts'

export interface RequestField {
  readonly label: string
  readonly value: string
  /** Addresses, hashes and other things that are compared letter by letter. */
  readonly verbatim: boolean
}

/** Of interest first; all others follow in the order of the template. */
const first = ['Amount', 'DeliverMin', 'SendMax', 'TakerGets', 'TakerPays', 'Destination', 'DestinationTag']

/** Seconds since the ledger's epoch, 2000-01-01T00:00:00Z. */
const times = new Set(['Expiration', 'CancelAfter', 'FinishAfter'])
const ledgerEpoch = Date.UTC(2000, 0, 1)

/** Hex of text. */
const texts = new Set(['Domain', 'URI'])

/** What is asked for, field by field, in words a person can compare with what their wallet shows. */
export const requestFields = ({ template, forceNetwork, signers }: SignRequest, words: Words): RequestField[] => {
  const network = forceNetwork === null ? null : networkOf(forceNetwork)
  const native = network?.nativeAsset ?? (template.family === 'xahau' ? 'XAH' : 'XRP')
  const definitions = definitionsOf(template.family)
  const rank = (name: string): number => (first.includes(name) ? first.indexOf(name) : first.length)

  const values = (name: string, value: Json): Value[] => {
    if (fieldByName(definitions, name)?.type.name === 'Amount') return [amountValue(value, native, words)]
    if (name === 'Memos') return decodeMemos(template.json)?.map(memoValue) ?? []
    if (times.has(name) && typeof value === 'number') return [readable(readableTime(ledgerEpoch + value * 1000))]
    if (texts.has(name) && typeof value === 'string') return [readable(textOfHex(value) ?? value)]
    return [verbatim(typeof value === 'string' ? value : JSON.stringify(value))]
  }
  return [
    ...Object.entries(template.json)
      .filter(([name]) => name !== 'TransactionType')
      .sort(([a], [b]) => rank(a) - rank(b))
      .flatMap(([name, value]) => values(name, value).map((one) => ({ label: words.fields[name] ?? name, ...one }))),
    ...(forceNetwork === null ? [] : [{ label: words.network, ...readable(network?.name ?? forceNetwork) }]),
    ...(signers ?? []).map((signer) => ({ label: words.signers, ...verbatim(signer) })),
  ]
}

type Value = Omit<RequestField, 'label'>

const readable = (value: string): Value => ({ value, verbatim: false })
const verbatim = (value: string): Value => ({ value, verbatim: true })

const amountValue = (value: Json, native: string, words: Words): Value => {
  const amount = readableAmount(value, native)
  if (amount === null) return verbatim(JSON.stringify(value))
  const { text, issuer } = amount
  return readable(issuer === null ? text : fill(words.issuedBy, { amount: text, issuer }))
}

const memoValue = (wrapped: Json): Value => {
  const memo = isJsonObject(wrapped) && isJsonObject(wrapped['Memo']) ? wrapped['Memo'] : {}
  const parts = [memo['MemoType'], memo['MemoData']].filter((part) => typeof part === 'string')
  return parts.length === 0 ? verbatim(JSON.stringify(wrapped)) : readable(parts.join(': '))
}

/** To the minute, in UTC, since the server does not know where the reader is; the page's script says it in local time. */
export const readableTime = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`
