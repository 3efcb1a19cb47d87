import type { Bus } from './bus.ts'
import type { BusReport } from './bus-report.ts'
import { MemoryBus } from './memory-bus.ts'
import type { RedisUrls } from './redis/urls.ts'

/**
 * The bus that nodes share, or that of one node by itself; only the former loads what speaks to Redis.
 *
 * @param between what its workers share when the node has several; null when it is one process
 */
export const openBus = async (redis: RedisUrls | null, report: BusReport, between: Bus | null): Promise<Bus> => {
  if (redis === null) return between ?? new MemoryBus()
  const { openRedisBus } = await import('./redis/redis-bus.ts')
  return openRedisBus(redis, report)
}
