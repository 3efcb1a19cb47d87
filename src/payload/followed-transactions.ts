import type { Milliseconds } from '../clock.ts'
import { readTransactionState } from '../ledger/transaction-result.ts'
import { changePayload } from './change-payload.ts'
import type { FlowDependencies } from './flow-dependencies.ts'
import { recordLedgerAnswer } from './lifecycle.ts'
import type { Payload } from './payload.ts'
import type { Change, FollowedTransaction } from './payload-store.ts'

/**
 * How long a transaction is looked for. What is in no validated ledger by then leaves the wallet's report as it is:
 * a node that lacks a ledger also says that it does not have the transaction, so nothing is concluded from that.
 */
const patience: Milliseconds = 30 * 60 * 1000

/** Longer than the longest question to a node, so that no other server repeats it meanwhile. */
const lease: Milliseconds = 30_000

/** Well below what one node is asked at the same time, which checks of signatures need, too. */
const batch = 50

/** What a signature just accepted leaves to be followed: a transaction that goes to a ledger of which a node is known. */
export const transactionToFollow = (
  { ledgerNodes }: Pick<FlowDependencies, 'ledgerNodes'>,
  { id: payloadId, request, outcome }: Payload,
  now: Milliseconds,
): Pick<Change, 'followedTransaction'> => {
  if (outcome?.kind !== 'signed' || outcome.signature.txid === null) return {}
  if (request.template.kind !== 'transaction' || !request.submit || request.multisign) return {}
  const network = request.forceNetwork ?? outcome.environment.nodeType
  if ((ledgerNodes?.nodeFor(network) ?? null) === null) return {}
  const followed = { payloadId, txid: outcome.signature.txid, network, giveUpAt: now + patience }
  return { followedTransaction: { ...followed, dueAt: now } }
}

/**
 * Asks ledger nodes what became of submitted transactions, each leased in the database as pending checks are, until a
 * validated ledger has it or the time is over.
 *
 * @param waitBetween until a transaction is asked for again; longer as it grows old
 * @returns whether more are worth asking for at once: answers came, and there may be more that are due
 */
export const askForFollowedTransactions = async (
  dependencies: FlowDependencies,
  waitBetween: Milliseconds,
): Promise<boolean> => {
  const { followed, now } = await dependencies.payloads.claimFollowedTransactions(batch, lease)
  const answered = await Promise.all(followed.map((one) => ask(dependencies, one, now, waitBetween)))
  return followed.length === batch && answered.includes(true)
}

/** @returns whether a node answered, be it that the transaction is not validated yet */
const ask = async (
  dependencies: FlowDependencies,
  { payloadId, txid, network, giveUpAt }: FollowedTransaction,
  now: Milliseconds,
  waitBetween: Milliseconds,
): Promise<boolean> => {
  const { payloads, ledgerNodes } = dependencies
  // none any more, when the configuration changed since
  const node = ledgerNodes?.nodeFor(network) ?? null
  const found = node === null ? null : await readTransactionState(node, txid)
  if (node !== null && found?.state === 'validated') {
    // a configured address may have credentials in it
    const answer = { to: new URL(node.url).origin, nodeType: network, result: found.result }
    await changePayload(dependencies, payloadId, null, (current) => ({
      payload: recordLedgerAnswer(current.payload, answer, current.now),
    }))
  }
  if (found?.state === 'validated' || now >= giveUpAt) await payloads.removeFollowedTransaction(payloadId)
  else {
    const age = now - (giveUpAt - patience)
    const next = now + Math.max(waitBetween, Math.round(age / 4))
    await payloads.postponeFollowedTransaction(payloadId, Math.min(next, giveUpAt))
  }
  return found?.state === 'validated' || found?.state === 'open'
}
