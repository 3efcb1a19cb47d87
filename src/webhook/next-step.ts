import type { Milliseconds } from '../clock.ts'
import { isSuccess, type AttemptResult } from './attempt-result.ts'
import type { AfterAttempt } from './delivery-store.ts'
import { readRetryAfter } from './retry-after.ts'

export interface Persistence {
  /** Between one attempt and the next; there is one attempt more than waits. */
  readonly waits: readonly Milliseconds[]
  /** A receiver that asks for a later attempt gets it, but never later than `longestRetryAfter` from now. */
  readonly honourRetryAfter: boolean
  /** 410 means that nobody will ever want this delivery. */
  readonly endOnGone: boolean
  readonly longestRetryAfter?: Milliseconds
}

/** As long as the longest wait between two attempts that anybody configures. */
const oneDay = 86_400_000

/**
 * What follows an attempt: nothing after a success or the last one, else another when its wait is over. Every failure is
 * tried again, whatever it was: names, certificates and settings are mended while deliveries wait.
 *
 * @param attemptsBefore those of this round that ended before this one
 * @param now when the attempt ended; a receiver may name a date
 */
export const nextStep = (
  result: Exclude<AttemptResult, { stage: 'stopped' }>,
  attemptsBefore: number,
  { waits, honourRetryAfter, endOnGone, longestRetryAfter = oneDay }: Persistence,
  now: Milliseconds,
): AfterAttempt => {
  if (isSuccess(result)) return { state: 'delivered' }
  if (endOnGone && result.stage === 'answered' && result.status === 410) return { state: 'failed' }
  const wait = waits[attemptsBefore]
  if (wait === undefined) return { state: 'failed' }
  const asked = honourRetryAfter && result.stage === 'answered' ? readRetryAfter(result.retryAfter, now) : 0
  return { state: 'owed', wait: Math.max(wait, Math.min(asked, longestRetryAfter)) }
}
