import type { Milliseconds } from '../clock.ts'
import { isRefusal, refuse } from '../refusals.ts'
import { changePayload } from './change-payload.ts'
import type { FlowDependencies } from './flow-dependencies.ts'
import { beginResolving } from './lifecycle.ts'
import type { PendingCheck } from './payload-store.ts'
import { keptRefusal, signedStep } from './submit-signature.ts'

/** Longer than the longest verification, so that no other node repeats a check under way. */
const lease: Milliseconds = 30_000

const batch = 20

/** How long until a check that stayed without an answer is repeated. */
const waitBetween: Milliseconds = 10_000

/**
 * Repeats the checks that a ledger node owes an answer to, until it answers or an hour is over. Each is leased in the
 * database, so one node at a time repeats it, and a crash costs a lease.
 *
 * @returns how many checks were looked at
 */
export const repeatPendingChecks = async (dependencies: FlowDependencies): Promise<number> => {
  const { checks, now } = await dependencies.payloads.claimPendingChecks(batch, lease)
  await Promise.all(checks.map((check) => repeatCheck(dependencies, check, now)))
  return checks.length
}

const repeatCheck = async (dependencies: FlowDependencies, check: PendingCheck, now: Milliseconds): Promise<void> => {
  const { payloads, verifier, newId } = dependencies
  const found = await payloads.find(check.payloadId)
  const undecided = found !== null && found.payload.outcome === null
  if (!undecided) return payloads.removePendingCheck(check.id)

  let verdict = await verifier.verify(found.payload.request, check.submission)
  if (verdict.verdict === 'unanswered') {
    if (now < check.giveUpAt) return payloads.postponePendingCheck(check.id, now + waitBetween)
    const refusal = refuse('keyNotAuthorized', 'No ledger node said within an hour whether this key may sign.')
    verdict = { verdict: 'refused', refusal, kept: { txid: check.submission.txid, account: verdict.account } }
  }
  const final = verdict
  await changePayload(dependencies, check.payloadId, check.userId, (current) => {
    if (final.verdict === 'verified') {
      return signedStep(current, check, { ...check, dispatched: null }, final.signature, newId())
    }
    const begun = beginResolving(current.payload, check, current.now)
    return isRefusal(begun) ? begun : { payload: begun, ...keptRefusal(final) }
  })
  await payloads.removePendingCheck(check.id)
}
