import type { Bus } from './bus.ts'
import type { BusReport } from './bus-report.ts'
import { MemoryBus } from './memory-bus.ts'
import type { RedisUrls } from './redis/urls.ts'

/** The bus of one node by itself, or the one that nodes share; only the latter loads what speaks to Redis. */
export const openBus = async (redis: RedisUrls | null, report: BusReport): Promise<Bus> => {
  if (redis === null) return new MemoryBus()
  const { openRedisBus } = await import('./redis/redis-bus.ts')
  return openRedisBus(redis, report)
}
