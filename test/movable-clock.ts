import type { Clock, Milliseconds } from '../src/clock.ts'

/** A clock that stands still until a test moves it. */
export interface MovableClock extends Clock {
  time: Milliseconds
}

export const movableClock = (time: Milliseconds = Date.UTC(2026, 0, 31, 12)): MovableClock => ({
  time,
  now() {
    return this.time
  },
})
