/**
 * Loaded into each Node process that is measured, before its program (`--import`). It does nothing until it is asked:
 * SIGUSR2 collects garbage, so that what is resident is what is used; messages begin and end watching the event loop.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'

export interface LoopDelays {
  /** How much later than asked for a timer was called, in milliseconds. */
  readonly p50: number
  readonly p99: number
  readonly max: number
}

const resolution = 5
let watching: ReturnType<typeof monitorEventLoopDelay> | null = null

process.on('SIGUSR2', () => globalThis.gc?.())
process.on('message', (request) => {
  if (request === 'watch the event loop') {
    watching = monitorEventLoopDelay({ resolution })
    watching.enable()
  } else if (request === 'event loop delays' && watching !== null) {
    watching.disable()
    // what is recorded is the time between two calls
    const delay = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - resolution)
    const [p50, p99] = [delay(watching.percentile(50)), delay(watching.percentile(99))]
    process.send!({ p50, p99, max: delay(watching.max) } satisfies LoopDelays)
  }
})
process.channel?.unref()
