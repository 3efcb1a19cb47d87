import { afterAll, beforeAll, describe } from 'vitest'
import type { RedisSettings } from '../../src/live/redis/settings.ts'
import { aRedisBus } from '../redis-bus.ts'
import { redisMissing, startRedis, startRedisCluster } from '../redis.ts'
import { busContract } from './bus.suite.ts'

interface Running {
  readonly url: string
  readonly ca: string | null
  stop(): Promise<void>
}

const contractOn = (name: string, missing: string | null, start: () => Promise<Running>): void => {
  if (missing !== null) console.warn(`skipped: the bus on ${name}, ${missing}`)
  describe.skipIf(missing !== null)(name, () => {
    let running: Running
    beforeAll(async () => {
      running = await start()
    })
    afterAll(() => running.stop())

    busContract(name, async (count) => {
      const settings: Partial<RedisSettings> = running.ca === null ? {} : { ca: running.ca }
      const nodes = await Promise.all(Array.from({ length: count }, () => aRedisBus(running.url, settings)))
      return {
        nodes,
        close: async () => {
          for (const node of nodes) await node.close()
        },
      }
    })
  })
}

const missing = redisMissing()
contractOn('Redis', missing, () => startRedis())
contractOn('Redis with TLS and a password', missing, () => startRedis({ tls: true, password: 'p:@/%? ü' }))
contractOn('a Redis Cluster', missing, () => startRedisCluster())
contractOn('Valkey', redisMissing('valkey-server'), () => startRedis({ program: 'valkey-server' }))
