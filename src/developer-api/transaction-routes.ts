import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import { addRoute } from '../http/route.ts'
import { isJsonObject, type JsonObject } from '../json.ts'
import { balanceChanges } from '../ledger/balance-changes.ts'
import type { LedgerNode } from '../ledger/ledger-node.ts'
import type { LedgerNodes } from '../ledger/ledger-nodes.ts'
import { networks } from '../ledger/networks.ts'
import { refuse, type Refusal } from '../refusals.ts'

const BalanceChanges = Type.Array(
  Type.Object({
    counterparty: Type.String(),
    currency: Type.String(),
    value: Type.String(),
    formatted: Type.Object({ value: Type.String(), currency: Type.String() }),
  }),
)

const LedgerTransaction = Type.Object({
  txid: Type.String(),
  balanceChanges: Type.Record(Type.String(), BalanceChanges),
  node: Type.String(),
  transaction: Type.Unsafe<JsonObject>({ type: 'object' }),
})

/** `/xrpl-tx`: a transaction as a configured ledger node knows it. */
export const addTransactionRoutes = (
  app: FastifyInstance,
  { ledgerNodes }: { readonly ledgerNodes: LedgerNodes | null },
): void => {
  const nodes = ledgerNodes === null ? [] : nodesOf(ledgerNodes)

  addRoute(app, {
    method: 'GET',
    url: '/xrpl-tx/:txid',
    answer: LedgerTransaction,
    handle: async ({ request }) => {
      const txid = (request.params as { txid: string }).txid.toUpperCase()
      const found = /^[0-9A-F]{64}$/.test(txid) ? await findTransaction(nodes, txid) : refuse('notFound')
      if ('refused' in found) return found
      const { node, transaction } = found
      const metadata = isJsonObject(transaction['meta']) ? transaction['meta'] : {}
      // a configured address may have credentials in it
      const { origin } = new URL(node.url)
      return { txid, balanceChanges: changesByAccount(metadata, ownAssetOf(transaction)), node: origin, transaction }
    },
  })
}

/** Each configured node once, in the order of the networks. */
const nodesOf = (ledgerNodes: LedgerNodes): readonly LedgerNode[] => [
  ...new Set(networks.map(({ key }) => ledgerNodes.nodeFor(key)).filter((node) => node !== null)),
]

/** The first node that has it, since a hash does not tell its network. */
const findTransaction = async (
  nodes: readonly LedgerNode[],
  txid: string,
): Promise<{ readonly node: LedgerNode; readonly transaction: JsonObject } | Refusal> => {
  const answers = await Promise.all(
    nodes.map(async (node) => ({ node, answer: await node.request('tx', { transaction: txid, binary: false }) })),
  )
  for (const { node, answer } of answers) {
    if (answer.answer === 'result') return { node, transaction: answer.result }
  }
  const areSure = answers.every(({ answer }) => answer.answer === 'error' && answer.error === 'txnNotFound')
  return areSure
    ? refuse('notFound', 'No configured ledger node knows this transaction.')
    : refuse('unavailable', 'A ledger node could not answer just now.')
}

const ownAssetOf = ({ NetworkID: id }: JsonObject): string =>
  networks.find(({ networkId }) => networkId === id)?.nativeAsset ?? 'XRP'

/** Source of the shape: XRPL-Labs/XUMM-SDK, src/types/Meta/XrplTransaction.ts; `formatted` is for the .NET SDK. */
const changesByAccount = (metadata: JsonObject, ownAsset: string) => {
  const byAccount = Map.groupBy(balanceChanges(metadata), ({ account }) => account)
  return Object.fromEntries(
    [...byAccount].map(([account, changes]) => [
      account,
      changes.map(({ counterparty, currency, value }) => ({
        counterparty: counterparty ?? '',
        currency: currency ?? ownAsset,
        value,
        formatted: { value, currency: currency ?? ownAsset },
      })),
    ]),
  )
}
