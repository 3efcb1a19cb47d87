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

/**
 * Repeats checks that a ledger node owes an answer to, until it answers or an hour is over. Each is leased in the
 * database, so one node at a time repeats it, and a crash costs a lease.
 *
 * @param waitBetween how long until a check that stays without an answer is repeated
 * @returns whether more are worth repeating at once: answers came, and there may be more checks that are due
 */
export const repeatPendingChecks = async (
  dependencies: FlowDependencies,
  waitBetween: Milliseconds,
): Promise<boolean> => {
  const { checks, now } = await dependencies.payloads.claimPendingChecks(batch, lease)
  const decided = await Promise.all(checks.map((check) => repeatCheck(dependencies, check, now, now + waitBetween)))
  return checks.length === batch && decided.includes(true)
}

/** @returns whether the check is decided, and gone */
const repeatCheck = async (
  dependencies: FlowDependencies,
  check: PendingCheck,
  now: Milliseconds,
  next: Milliseconds,
): Promise<boolean> => {
  const { payloads, verifier } = dependencies
  const found = await payloads.find(check.payloadId)
  const undecided = found !== null && found.payload.outcome === null
  if (!undecided) {
    await payloads.removePendingCheck(check.id)
    return true
  }

  let verdict = await verifier.verify(found.payload.request, check.submission)
  if (verdict.verdict === 'unanswered') {
    if (now < check.giveUpAt) {
      await payloads.postponePendingCheck(check.id, next)
      return false
    }
    const refusal = refuse('keyNotAuthorized', 'No ledger node said within an hour whether this key may sign.')
    verdict = { verdict: 'refused', refusal, kept: { txid: check.submission.txid, account: verdict.account } }
  }
  const final = verdict
  await changePayload(dependencies, check.payloadId, check.userId, (current) => {
    if (final.verdict === 'verified') {
      return signedStep(dependencies, current, check, { ...check, dispatched: null }, final.signature)
    }
    const begun = beginResolving(current.payload, check, current.now)
    return isRefusal(begun) ? begun : { payload: begun, ...keptRefusal(final) }
  })
  await payloads.removePendingCheck(check.id)
  return true
}
