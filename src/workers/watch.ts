import type { Milliseconds } from '../clock.ts'
import { systemTimers, type Timers } from '../live/timers.ts'

/** One worker, as whoever watches it knows it. */
export interface WatchedWorker {
  readonly isListening: boolean
  /** How many questions it has left unanswered in a row. */
  unanswered: number
  askWhetherThere(): void
}

const interval: Milliseconds = 5_000

/** A disk may keep a worker on SQLite waiting for a while; half a minute is none that comes back. */
const mostUnanswered = 6

/**
 * Finds workers that hang: a node whose other workers answer for it would never be restarted by those who ask from outside.
 * Questions are counted rather than time, so that a machine that was asleep wakes up with all its workers.
 *
 * @param onSilent is told of a worker at the seventh round, and at each one after it
 */
export const watchWorkers = <Worker extends WatchedWorker>(
  workers: () => Iterable<Worker>,
  onSilent: (worker: Worker) => void,
  timers: Timers = systemTimers,
): void => {
  const look = (): void => {
    for (const worker of workers()) {
      if (!worker.isListening) continue
      if (worker.unanswered >= mostUnanswered) {
        onSilent(worker)
      } else {
        worker.unanswered++
        worker.askWhetherThere()
      }
    }
    timers.start(interval, look)
  }
  timers.start(interval, look)
}
