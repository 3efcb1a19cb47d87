import type { Milliseconds } from '../clock.ts'
import type { Payload } from './payload.ts'

/** When the time to open ends, or ended: a cancellation ends it early. */
export const expiryOf = (payload: Pick<Payload, 'expiresAt' | 'cancelledAt'>): Milliseconds =>
  payload.cancelledAt === null ? payload.expiresAt : Math.min(payload.expiresAt, payload.cancelledAt)

export const isExpired = (payload: Pick<Payload, 'expiresAt' | 'cancelledAt'>, now: Milliseconds): boolean =>
  now >= expiryOf(payload)

/**
 * Whole seconds until expiry as the wire says them: what is left is rounded up, what has passed is negative and rounded
 * towards zero, and there is no -0.
 */
export const secondsLeft = (expiry: Milliseconds, now: Milliseconds): number => {
  const milliseconds = expiry - now
  return (milliseconds > 0 ? Math.ceil(milliseconds / 1000) : Math.trunc(milliseconds / 1000)) + 0
}
