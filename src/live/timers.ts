import { performance } from 'node:perf_hooks'
import type { Milliseconds } from '../clock.ts'

/** The timers of a node. Tests move their own; nothing in this folder asks the runtime directly. */
export interface Timers {
  /** A clock that never jumps; only differences mean something. */
  now(): Milliseconds

  /** Calls back once, after `delay` (below 2^31 ms). Does not keep the process alive. */
  start(delay: Milliseconds, callback: () => void): Timer
}

export interface Timer {
  close(): void
}

export const systemTimers: Timers = {
  now: () => performance.now(),
  start: (delay, callback) => setTimeout(callback, delay).unref(),
}
