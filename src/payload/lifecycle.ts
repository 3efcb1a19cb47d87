import type { UserToken } from '../application/user-token.ts'
import type { Milliseconds } from '../clock.ts'
import type { SignMethod } from '../ledger/submission.ts'
import type { VerifiedSignature } from '../ledger/verified-signature.ts'
import { refuse, type Refusal } from '../refusals.ts'
import { isExpired } from './expiry.ts'
import type { DispatchReport, Environment, LedgerAnswer, Outcome, Payload, PayloadOrigin } from './payload.ts'

/**
 * The life of a payload: each function takes the payload, who acts and the time, and gives the next payload or a
 * refusal. No I/O, no clock. What subscribers are told is the difference of the facts (`facts.ts`).
 *
 * Expiry is "open before", not "resolve before": who opened in time may resolve late. Source: CONTRACT section 1.
 */
export interface Actor {
  readonly userId: string
  readonly deviceId: string
  readonly origin: PayloadOrigin
}

/** How many users may open one payload. Source: CONTRACT section 3. */
export const maxOpeners = 64

/** What every resolution carries beside its own. */
export interface ResolutionContext {
  /** The API call that resolves it. */
  readonly callId: string
  /** The user's valid token for the application once this resolution is written. */
  readonly userToken: UserToken | null
}

export interface SigningDetails {
  readonly signMethod: SignMethod | null
  readonly environment: Environment
}

export type CancelReason = 'OK' | 'ALREADY_CANCELLED' | 'ALREADY_RESOLVED' | 'ALREADY_EXPIRED' | 'ALREADY_OPENED'

export const hasOpened = (payload: Payload, userId: string): boolean =>
  payload.opens.some((open) => open.userId === userId)

const openedBy = (payload: Payload, actor: Actor, now: Milliseconds): Payload => ({
  ...payload,
  opens: [...payload.opens, { userId: actor.userId, deviceId: actor.deviceId, at: now, origin: actor.origin }],
})

const preSigned = (payload: Payload, now: Milliseconds): Payload =>
  payload.preSignedAt === null ? { ...payload, preSignedAt: now } : payload

/** May this user act at all, and if they never opened it, may they still open it? */
const mayOpen = (payload: Payload, userId: string, now: Milliseconds): Refusal | null => {
  if (payload.pushedTo?.exclusive && payload.pushedTo.userId !== userId) return refuse('notForThisUser')
  if (payload.cancelledAt !== null) return refuse('cancelled')
  if (hasOpened(payload, userId)) return null
  if (isExpired(payload, now)) return refuse('expiredUnopened')
  const openers = new Set(payload.opens.map((open) => open.userId))
  return openers.size >= maxOpeners ? refuse('tooManyOpeners') : null
}

/**
 * A wallet fetches the payload. The first fetch by a device opens it; the next by the same device is the wallet checking
 * again just before it signs. A fetch from the event list is both, since the wallet had shown it from its list.
 * Source: CONTRACT section 3, "Opening".
 */
export const open = (payload: Payload, actor: Actor, now: Milliseconds): Payload | Refusal => {
  if (payload.outcome !== null) {
    return refuse(payload.outcome.userId === actor.userId ? 'alreadyResolved' : 'handledByAnother')
  }
  const no = mayOpen(payload, actor.userId, now)
  if (no !== null) return no
  if (payload.opens.some((known) => known.deviceId === actor.deviceId)) return preSigned(payload, now)
  const opened = openedBy(payload, actor, now)
  return actor.origin === 'EVENT_LIST' ? preSigned(opened, now) : opened
}

/**
 * What signing, rejecting and starting to sign have in common: unresolved, not cancelled, and opened in time by this
 * user; acting on an unexpired payload that was not fetched first counts as opening it.
 */
export const beginResolving = (payload: Payload, actor: Actor, now: Milliseconds): Payload | Refusal => {
  const opened = hasOpened(payload, actor.userId)
  if (payload.outcome !== null) {
    return refuse(!opened && isExpired(payload, now) ? 'expiredUnopened' : 'alreadyResolved')
  }
  const no = mayOpen(payload, actor.userId, now)
  if (no !== null) return no
  return opened ? payload : openedBy(payload, actor, now)
}

/** The wallet says itself that the user started the signing routine. */
export const startSigning = (payload: Payload, actor: Actor, now: Milliseconds): Payload | Refusal => {
  const begun = beginResolving(payload, actor, now)
  return 'refused' in begun ? begun : preSigned(begun, now)
}

/** How this user came by the payload: as they opened it, or as the resolution says where that said nothing. */
const originOf = (payload: Payload, actor: Actor): PayloadOrigin => {
  const opened = payload.opens.find((known) => known.userId === actor.userId)?.origin ?? 'UNKNOWN'
  return opened === 'UNKNOWN' ? actor.origin : opened
}

const resolve = (
  payload: Payload,
  actor: Actor,
  now: Milliseconds,
  outcomeOf: (resolved: { at: Milliseconds; userId: string; origin: PayloadOrigin }) => Outcome,
): Payload | Refusal => {
  const begun = beginResolving(payload, actor, now)
  if ('refused' in begun) return begun
  return { ...begun, outcome: outcomeOf({ at: now, userId: actor.userId, origin: originOf(begun, actor) }) }
}

export const sign = (
  payload: Payload,
  actor: Actor,
  signature: VerifiedSignature,
  details: SigningDetails,
  context: ResolutionContext,
  now: Milliseconds,
): Payload | Refusal =>
  resolve(payload, actor, now, (resolved) => ({ kind: 'signed', ...resolved, ...context, ...details, signature }))

export const reject = (
  payload: Payload,
  actor: Actor,
  why: { readonly initiator: 'USER' | 'APP' | null; readonly reason: string | null },
  context: ResolutionContext,
  now: Milliseconds,
): Payload | Refusal =>
  resolve(payload, actor, now, (resolved) => ({
    kind: 'rejected',
    ...resolved,
    ...context,
    initiator: why.initiator,
    reason: why.reason,
  }))

/**
 * A wallet reports what the ledger answered. The report is kept aside per user, the first one counts, and it shows only
 * with or after that user's accepted signature (`dispatchOf`); it may overtake the signature. In every case that this
 * does not serve, nothing changes and nothing is refused, but for another user's device that never opened the payload.
 */
export const recordDispatch = (
  payload: Payload,
  actor: Actor,
  report: Omit<DispatchReport, 'userId' | 'at'>,
  now: Milliseconds,
): Payload | Refusal => {
  let opened = payload
  if (!hasOpened(payload, actor.userId)) {
    // on what nobody opened yet the report may have overtaken everything else that this wallet sends
    if (payload.opens.length > 0 || payload.outcome !== null || isExpired(payload, now)) return refuse('neverOpened')
    const begun = beginResolving(payload, actor, now)
    if ('refused' in begun) return begun
    opened = begun
  }
  if (opened.dispatchReports.some((known) => known.userId === actor.userId)) return opened
  const lost = opened.cancelledAt !== null || (opened.outcome !== null && opened.outcome.userId !== actor.userId)
  if (lost || !opened.request.submit || opened.outcome?.kind === 'rejected') return opened
  return { ...opened, dispatchReports: [...opened.dispatchReports, { ...report, userId: actor.userId, at: now }] }
}

/**
 * A ledger node says what became of the transaction. The first answer counts, since it is of a validated ledger; it
 * changes nothing on what was not submitted.
 */
export const recordLedgerAnswer = (payload: Payload, answer: Omit<LedgerAnswer, 'at'>, now: Milliseconds): Payload => {
  const { outcome, request, ledgerAnswer } = payload
  const submitted = outcome?.kind === 'signed' && request.submit && !request.multisign
  return submitted && ledgerAnswer === null ? { ...payload, ledgerAnswer: { ...answer, at: now } } : payload
}

/** What may be shown of the dispatch: what a node said, else what the signer's wallet said, once its signature was accepted. */
export const dispatchOf = (payload: Payload): LedgerAnswer | DispatchReport | null => {
  const { outcome } = payload
  if (outcome?.kind !== 'signed' || !payload.request.submit) return null
  if (payload.ledgerAnswer !== null) return payload.ledgerAnswer
  return payload.dispatchReports.find((report) => report.userId === outcome.userId) ?? null
}

/** The application takes the request back; only what nobody opened can be. Source: CONTRACT section 2, "Cancel". */
export const cancel = (payload: Payload, now: Milliseconds): { payload: Payload; reason: CancelReason } => {
  if (payload.cancelledAt !== null) return { payload, reason: 'ALREADY_CANCELLED' }
  if (payload.outcome !== null) return { payload, reason: 'ALREADY_RESOLVED' }
  if (isExpired(payload, now)) return { payload, reason: 'ALREADY_EXPIRED' }
  if (payload.opens.length > 0) return { payload, reason: 'ALREADY_OPENED' }
  return { payload: { ...payload, cancelledAt: now }, reason: 'OK' }
}
