import type { Milliseconds } from '../clock.ts'

/** How much of a rate may be used at once: a client that slept sends what gathered meanwhile. */
export const burst: Milliseconds = 2_000

/**
 * A token bucket kept as one number: the time at which the bucket is full again.
 *
 * @param fullAt what the last call returned; 0 at first
 * @param perSecond what is admitted in the long run
 * @returns the next `fullAt`, or null when this would be over the rate
 */
export const admit = (fullAt: Milliseconds, now: Milliseconds, perSecond: number): Milliseconds | null => {
  const next = Math.max(fullAt, now) + 1000 / perSecond
  return next - now > burst ? null : next
}
