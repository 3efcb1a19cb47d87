import type { DatabaseClock, Milliseconds } from '../clock.ts'
import type { Bus } from '../live/bus.ts'
import { systemTimers, type Timers } from '../live/timers.ts'
import { answersInTime } from './answers-in-time.ts'
import type { Readiness } from './readiness.ts'

export interface ReadinessDependencies {
  /** Rejects unless the database answers; may hang. */
  readonly ping: () => Promise<void>
  readonly bus: Pick<Bus, 'isHealthy'>
  readonly clock: Pick<DatabaseClock, 'offset'>
  readonly isDraining: () => boolean
  readonly timers?: Timers
  /** How long the database may take to answer. Default 2 s. */
  readonly pingLimit?: Milliseconds
}

/** Expiries are told by this node's idea of the time; official clients do not mind a second or two. */
const clockDriftLimit: Milliseconds = 2_000

/** Every check of one node. The database is asked once at a time, however many want to know. */
export const checkReadiness = ({
  ping,
  bus,
  clock,
  isDraining,
  timers = systemTimers,
  pingLimit = 2_000,
}: ReadinessDependencies): (() => Promise<Readiness>) => {
  const databaseAnswers = answersInTime(ping, pingLimit, timers)
  return async () => {
    const database = await databaseAnswers()
    return {
      database,
      bus: bus.isHealthy(),
      clock: Math.abs(clock.offset) <= clockDriftLimit,
      draining: isDraining(),
    }
  }
}
