import type { Milliseconds } from './clock.ts'

/** Work that is done again and again while the server runs: a loop that claims rows, a sweep. */
export interface PeriodicTask {
  /** Run as soon as possible, rather than when the interval is over. */
  wake(): void
  /** Resolves once a run under way has ended; nothing runs after that. */
  stop(): Promise<void>
}

/**
 * Runs `work` now and then again `interval` after each end, never twice at the same time. The timer only wakes: what is
 * owed must be rows, so that a run missed or failed costs time and nothing else.
 *
 * @param onFault is told when a run throws; the next run comes all the same
 */
export const startPeriodicTask = (
  work: () => Promise<unknown>,
  interval: Milliseconds,
  onFault: (fault: unknown) => void,
): PeriodicTask => {
  let timer: NodeJS.Timeout | null = null
  let running: Promise<void> | null = null
  let wokenMeanwhile = false
  let stopped = false

  const schedule = (delay: Milliseconds): void => {
    timer = setTimeout(run, delay)
    timer.unref()
  }
  const run = (): void => {
    timer = null
    wokenMeanwhile = false
    running = work()
      .then(() => undefined, onFault)
      .then(() => {
        running = null
        if (!stopped) schedule(wokenMeanwhile ? 0 : interval)
      })
  }
  schedule(0)

  return {
    wake() {
      wokenMeanwhile = true
      if (timer === null || stopped) return
      clearTimeout(timer)
      schedule(0)
    },
    async stop() {
      stopped = true
      if (timer !== null) clearTimeout(timer)
      await running
    },
  }
}
