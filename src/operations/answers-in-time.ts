import type { Milliseconds } from '../clock.ts'
import type { Timers } from '../live/timers.ts'
import { oneAtATime } from './one-at-a-time.ts'

/**
 * Whether something answers, known within a limit although it may hang. It is asked once at a time: while it hangs,
 * everybody waits for the same answer and nothing piles up.
 */
export const answersInTime = (ask: () => Promise<unknown>, limit: Milliseconds, timers: Timers) => {
  const asked = oneAtATime(ask)
  return (): Promise<boolean> =>
    new Promise((resolve) => {
      const tooLate = timers.start(limit, () => resolve(false))
      const answer = (answered: boolean): void => {
        tooLate.close()
        resolve(answered)
      }
      asked().then(
        () => answer(true),
        () => answer(false),
      )
    })
}
