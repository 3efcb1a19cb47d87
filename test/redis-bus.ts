import type { BusReport } from '../src/live/bus-report.ts'
import { openRedisBus, type RedisBus } from '../src/live/redis/redis-bus.ts'
import type { RedisSettings } from '../src/live/redis/settings.ts'
import { parseRedisUrls } from '../src/live/redis/urls.ts'

/** What a bus told whoever keeps the log, in order. */
export interface Told extends BusReport {
  readonly outages: string[]
  returns: number
  readonly faults: unknown[]
}

export const aReport = (): Told => {
  const told: Told = {
    outages: [],
    returns: 0,
    faults: [],
    onOutage: (reason) => told.outages.push(reason.message),
    onReturn: () => told.returns++,
    onFault: (error) => told.faults.push(error),
  }
  return told
}

/** A node's bus to the Redis of this URL. */
export const aRedisBus = (url: string, settings: Partial<RedisSettings> = {}, report = aReport()): Promise<RedisBus> =>
  openRedisBus(parseRedisUrls(url)!, report, settings)
