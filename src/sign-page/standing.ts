import type { Milliseconds } from '../clock.ts'
import { isExpired } from '../payload/expiry.ts'
import type { Payload } from '../payload/payload.ts'

/**
 * Where a sign request stands, as a person sees it. The page's script goes on from here by the messages of the status
 * socket (`web/sign-page/standing.js`); `submitted` is a stage that only it meets, between two messages.
 */
export const standings = [
  'waiting',
  'opened',
  'signing',
  'submitted',
  'signed',
  'rejected',
  'expired',
  'cancelled',
] as const
export type Standing = (typeof standings)[number]

/** Who opened it in time may sign it late, so an opened request does not read expired. */
export const standingOf = (payload: Payload, now: Milliseconds): Standing => {
  if (payload.outcome !== null) return payload.outcome.kind
  if (payload.cancelledAt !== null) return 'cancelled'
  if (payload.preSignedAt !== null) return 'signing'
  if (payload.opens.length > 0) return 'opened'
  return isExpired(payload, now) ? 'expired' : 'waiting'
}

/** Nothing can be signed any more, so there is nothing to scan. */
export const isOver = (standing: Standing): boolean =>
  standing === 'signed' || standing === 'rejected' || standing === 'expired' || standing === 'cancelled'
