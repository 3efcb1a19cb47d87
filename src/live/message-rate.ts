import type { Milliseconds } from '../clock.ts'

/** How often a peer may speak: so much at once, and so much per second in the long run. */
export interface MessageRate {
  readonly perSecond: number
  readonly burst: number
}

/**
 * A token bucket kept as one number: the time at which the bucket is full again.
 *
 * @param fullAt what the last call returned; 0 at first
 * @returns the next `fullAt`, or null when the peer is over the rate
 */
export const admitMessage = (fullAt: Milliseconds, now: Milliseconds, rate: MessageRate): Milliseconds | null => {
  const perMessage = 1000 / rate.perSecond
  const next = Math.max(fullAt, now) + perMessage
  return next - now > rate.burst * perMessage ? null : next
}
