import { grantUserToken, validUserToken } from '../application/user-token.ts'
import type { Milliseconds } from '../clock.ts'
import type { VerifiedSignature } from '../ledger/verified-signature.ts'
import type { Verdict } from '../ledger/verify.ts'
import { describeRefusal, isRefusal, refuse, type Refusal } from '../refusals.ts'
import { changePayload } from './change-payload.ts'
import type { FlowDependencies } from './flow-dependencies.ts'
import { transactionToFollow } from './followed-transactions.ts'
import { beginResolving, recordDispatch, sign, type Actor } from './lifecycle.ts'
import type { Payload } from './payload.ts'
import type { Change, Current, Found } from './payload-store.ts'
import type { ReportedDispatch, WalletAction } from './payloads.ts'

type SignAction = Extract<WalletAction, { kind: 'sign' }>

/** How long a check that a ledger node owes an answer to is repeated. Source: CONTRACT section 3, check 3. */
const pendingCheckLifetime: Milliseconds = 60 * 60 * 1000

/**
 * A wallet hands in a signature. It is verified outside the transaction that locks the payload, since a ledger node may
 * have to be asked; the lifecycle then decides again on what is in the database by then, so of many at once one wins.
 *
 * @returns the payload afterwards: signed, or still unresolved while a ledger node owes its answer
 */
export const submitSignature = async (
  dependencies: FlowDependencies,
  actor: Actor,
  id: string,
  action: SignAction,
  callId: string,
): Promise<Found | Refusal> => {
  const found = await dependencies.payloads.find(id)
  if (found === null) return refuse('payloadNotFound')
  // who cannot win is told so without the work of a verification
  const begun = beginResolving(found.payload, actor, found.now)
  if (isRefusal(begun)) return begun

  const { request } = found.payload
  const verdict = await dependencies.verifier.verify(request, action.submission)
  const changed = await changePayload(dependencies, id, actor.userId, (current) =>
    verdict.verdict === 'verified'
      ? signedStep(dependencies, current, actor, { ...action, callId }, verdict.signature)
      : undecidedStep(current, actor, { ...action, callId }, verdict, dependencies.newId()),
  )
  if (isRefusal(changed)) return changed
  if (verdict.verdict === 'refused') return verdict.refusal
  return { payload: changed.change.payload, now: changed.now }
}

/** A signature that was refused, or waits for a ledger node, opens the payload all the same and leaves its trace. */
const undecidedStep = (
  { payload, now }: Current,
  actor: Actor,
  { submission, grantPush, dispatched, callId }: Accepting,
  verdict: Exclude<Verdict, { verdict: 'verified' }>,
  checkId: string,
): Change | Refusal => {
  const begun = beginResolving(payload, actor, now)
  if (isRefusal(begun)) return begun
  if (verdict.verdict === 'refused') return { payload: begun, ...keptRefusal(verdict) }
  const reported = withReport(begun, actor, dispatched, now)
  if (isRefusal(reported)) return reported
  const owed = { id: checkId, payloadId: payload.id, ...actor, callId, submission, grantPush }
  return { payload: reported, pendingCheck: { ...owed, giveUpAt: now + pendingCheckLifetime, dueAt: now } }
}

const withReport = (
  payload: Payload,
  actor: Actor,
  report: ReportedDispatch | null,
  now: Milliseconds,
): Payload | Refusal => (report === null ? payload : recordDispatch(payload, actor, report, now))

/** What a refused signature leaves beside the payload; nothing when the blob did not even decode. */
export const keptRefusal = (verdict: Extract<Verdict, { verdict: 'refused' }>): Pick<Change, 'refusedSignature'> => {
  if (verdict.kept === null) return {}
  const reason = verdict.refusal.refused
  return { refusedSignature: { ...verdict.kept, reason, message: describeRefusal(verdict.refusal).message } }
}

/** What the acceptance of a signature needs beside the signature itself. */
interface Accepting extends Omit<SignAction, 'kind'> {
  readonly callId: string
}

/** The step that resolves a payload by a signature which passed every check. */
export const signedStep = (
  dependencies: Pick<FlowDependencies, 'ledgerNodes' | 'newId'>,
  { payload, userToken, now }: Current,
  actor: Actor,
  { submission, grantPush, dispatched, callId }: Accepting,
  signature: VerifiedSignature,
): Change | Refusal => {
  const token = grantPush ? grantUserToken(userToken, dependencies.newId(), now) : validUserToken(userToken, now)
  const environment = { nodeUri: submission.nodeUri, nodeType: submission.nodeType }
  const details = { signMethod: submission.signMethod, environment }
  const resolved = sign(payload, actor, signature, details, { callId, userToken: token }, now)
  if (isRefusal(resolved)) return resolved
  const reported = withReport(resolved, actor, dispatched, now)
  if (isRefusal(reported)) return reported
  const followed = transactionToFollow(dependencies, reported, now)
  return { payload: reported, ...followed, ...(grantPush && token !== null ? { userToken: token } : {}) }
}
