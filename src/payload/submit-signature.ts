import { grantUserToken, validUserToken } from '../application/user-token.ts'
import type { Milliseconds } from '../clock.ts'
import type { VerifiedSignature } from '../ledger/verified-signature.ts'
import type { Verdict } from '../ledger/verify.ts'
import { describeRefusal, isRefusal, refuse, type Refusal } from '../refusals.ts'
import { changePayload } from './change-payload.ts'
import type { FlowDependencies } from './flow-dependencies.ts'
import { beginResolving, recordDispatch, sign, type Actor } from './lifecycle.ts'
import type { Payload } from './payload.ts'
import type { Change, Current, Found, PendingCheck } from './payload-store.ts'
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
    stepFor(dependencies, actor, action, callId, verdict, current),
  )
  if (isRefusal(changed)) return changed
  if (verdict.verdict === 'refused') return verdict.refusal
  return { payload: changed.change.payload, now: changed.now }
}

const stepFor = (
  { newId }: Pick<FlowDependencies, 'newId'>,
  actor: Actor,
  action: SignAction,
  callId: string,
  verdict: Verdict,
  current: Current,
): Change | Refusal => {
  if (verdict.verdict === 'verified') return signed(current, actor, action, callId, verdict.signature, newId())
  const begun = beginResolving(current.payload, actor, current.now)
  if (isRefusal(begun)) return begun
  if (verdict.verdict === 'refused') return { payload: begun, ...keptRefusal(verdict) }
  const dispatched = withReport(begun, actor, action.dispatched, current.now)
  if (isRefusal(dispatched)) return dispatched
  const pendingCheck: PendingCheck & { dueAt: Milliseconds } = {
    id: newId(),
    payloadId: begun.id,
    ...actor,
    callId,
    submission: action.submission,
    grantPush: action.grantPush,
    giveUpAt: current.now + pendingCheckLifetime,
    dueAt: current.now,
  }
  return { payload: dispatched, pendingCheck }
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

/** The step that resolves a payload by a signature which passed every check. */
export const signed = (
  { payload, userToken, now }: Current,
  actor: Actor,
  action: SignAction,
  callId: string,
  signature: VerifiedSignature,
  freshToken: string,
): Change | Refusal => {
  const { signMethod, nodeUri, nodeType } = action.submission
  const token = action.grantPush ? grantUserToken(userToken, freshToken, now) : validUserToken(userToken, now)
  const details = { signMethod, environment: { nodeUri, nodeType } }
  const resolved = sign(payload, actor, signature, details, { callId, userToken: token }, now)
  if (isRefusal(resolved)) return resolved
  const reported = withReport(resolved, actor, action.dispatched, now)
  if (isRefusal(reported)) return reported
  return { payload: reported, ...(action.grantPush && token !== null ? { userToken: token } : {}) }
}
