import { isJsonObject } from '../json.ts'
import type { LedgerNode } from './ledger-node.ts'

/** Where a transaction is. `open`: the node answered, and does not have it in a validated ledger (yet). */
export type TransactionState =
  | { readonly state: 'validated'; readonly result: string }
  | { readonly state: 'open' }
  | { readonly state: 'unanswered' }

/** `tesSUCCESS`, `tecPATH_DRY`, …; what a node says ends up in a database, so its length has a bound. */
const resultCode = /^t[a-z]{2}[A-Z][A-Z0-9_]{0,60}$/

/**
 * Asks a node what became of a transaction; only what a validated ledger says is final. Source: xrpl.org, "tx" and
 * "Finality of Results".
 *
 * @param txid upper-case hex
 */
export const readTransactionState = async (node: LedgerNode, txid: string): Promise<TransactionState> => {
  const answer = await node.request('tx', { transaction: txid, binary: false })
  if (answer.answer === 'error' && answer.error === 'txnNotFound') return { state: 'open' }
  if (answer.answer !== 'result') return { state: 'unanswered' }
  const { hash, validated, meta } = answer.result
  const result = isJsonObject(meta) ? meta['TransactionResult'] : null
  const isFinal = validated === true && hash === txid && typeof result === 'string' && resultCode.test(result)
  return isFinal ? { state: 'validated', result } : { state: 'open' }
}
