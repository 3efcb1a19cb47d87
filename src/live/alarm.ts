import type { Clock, Milliseconds } from '../clock.ts'
import type { Timer, Timers } from './timers.ts'

/**
 * No timer runs longer than this. Expiry may be 30 days away, which is more than the 2^31 ms that a timer can hold, and
 * what is known about the database's clock may change meanwhile.
 */
const longestSleep: Milliseconds = 60_000

/** Rings once when a clock reaches a time. */
export class Alarm {
  readonly #clock: Clock
  readonly #timers: Timers
  readonly #ring: () => void
  #at: Milliseconds = 0
  #timer: Timer | null = null

  constructor(clock: Clock, timers: Timers, ring: () => void) {
    this.#clock = clock
    this.#timers = timers
    this.#ring = ring
  }

  /** Rings at `at` and no longer at the time set before. A time that has passed rings soon, never at once. */
  set(at: Milliseconds): void {
    this.stop()
    this.#at = at
    this.#sleep()
  }

  stop(): void {
    this.#timer?.close()
    this.#timer = null
  }

  #sleep(): void {
    const left = Math.ceil(this.#at - this.#clock.now())
    this.#timer = this.#timers.start(Math.min(Math.max(left, 1), longestSleep), () => this.#wake())
  }

  #wake(): void {
    this.#timer = null
    if (this.#clock.now() < this.#at) this.#sleep()
    else this.#ring()
  }
}
