import type { Clock, Milliseconds } from '../src/clock.ts'
import type { Timer, Timers } from '../src/live/timers.ts'

interface Due {
  readonly at: Milliseconds
  readonly callback: () => void
}

/** Time that passes only when the test says so. As a clock it starts at 0, too. */
export class FakeTime implements Timers, Clock {
  #now: Milliseconds = 0
  readonly #due = new Set<Due>()

  now(): Milliseconds {
    return this.#now
  }

  start(delay: Milliseconds, callback: () => void): Timer {
    if (delay >= 2 ** 31) throw new Error(`no timer can hold ${delay} ms`)
    const due = { at: this.#now + delay, callback }
    this.#due.add(due)
    return { close: () => void this.#due.delete(due) }
  }

  /** How many timers are running. */
  get running(): number {
    return this.#due.size
  }

  /** Lets time pass, timers ringing on the way at the moment each is due. */
  pass(milliseconds: Milliseconds): void {
    const end = this.#now + milliseconds
    for (let next = this.#next(end); next !== null; next = this.#next(end)) {
      this.#now = Math.max(this.#now, next.at)
      this.#due.delete(next)
      next.callback()
    }
    this.#now = end
  }

  /** Time passes while the event loop is busy: what is due rings with the next `pass`. */
  stall(milliseconds: Milliseconds): void {
    this.#now += milliseconds
  }

  #next(end: Milliseconds): Due | null {
    let next: Due | null = null
    for (const due of this.#due) if (due.at <= end && (next === null || due.at < next.at)) next = due
    return next
  }
}
