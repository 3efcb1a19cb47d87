import type { Milliseconds } from '../../clock.ts'
import { systemTimers, type Timers } from '../timers.ts'

export interface RedisSettings {
  /** How long subscribers are kept waiting for the confirmation of their subscription, and a start for the connection. */
  readonly patience: Milliseconds
  /** A connection that has not answered for so long is replaced, half-open ones included. */
  readonly silence: Milliseconds
  /** Hints that Redis has not acknowledged, for each connection; beyond that, hints are lost. */
  readonly unansweredBytes: number
  /** A certificate authority to trust instead of the system's. */
  readonly ca?: string
  readonly timers: Timers
  /** From 0 up to 1. */
  readonly random: () => number
}

export const defaultRedisSettings: RedisSettings = {
  patience: 1_000,
  silence: 5_000,
  unansweredBytes: 4 * 1024 * 1024,
  timers: systemTimers,
  random: Math.random,
}
