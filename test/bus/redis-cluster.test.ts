import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Hint } from '../../src/live/bus.ts'
import type { RedisBus } from '../../src/live/redis/redis-bus.ts'
import type { RedisSettings } from '../../src/live/redis/settings.ts'
import { slotOf } from '../../src/live/redis/slot.ts'
import { someFacts } from '../live-hub.ts'
import { aRedisBus, aReport } from '../redis-bus.ts'
import { redisMissing, startRedisCluster, type RedisClusterServers, type RedisServer } from '../redis.ts'

const missing = redisMissing()
if (missing !== null) console.warn(`skipped: a Redis Cluster that changes, ${missing}`)

const opened: Hint = { kind: 'facts', facts: someFacts({ opened: true }) }
const until = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 25_000, interval: 5 })
const slotOfPayload = (id: string): number => slotOf(`countersign:${id}`)

describe.skipIf(missing !== null)('a bus on a Redis Cluster', () => {
  let cluster: RedisClusterServers
  let buses: RedisBus[] = []

  const start = async (options: { masters: number; replicas: number }): Promise<void> => {
    cluster = await startRedisCluster(options)
  }
  beforeEach(() => {
    buses = []
  })
  afterEach(async () => {
    for (const bus of buses) await bus.close()
    await cluster.stop()
  })

  const open = async (settings: Partial<RedisSettings> = {}, report = aReport()): Promise<RedisBus> => {
    const bus = await aRedisBus(cluster.url, settings, report)
    buses.push(bus)
    return bus
  }
  /** One payload for each third of the slots. */
  const idsEverywhere = (): string[] =>
    [0, 1, 2].map((third) => {
      for (;;) {
        const id = randomUUID()
        if (Math.floor((slotOfPayload(id) * 3) / 16_384) === third) return id
      }
    })
  const joinAll = async (bus: RedisBus, ids: readonly string[]): Promise<Set<string>> => {
    const heard = new Set<string>()
    for (const id of ids) await bus.join(id, () => heard.add(id))
    return heard
  }
  /** Each of them is heard, sooner or later. */
  const expectAllHeard = (from: RedisBus, heard: Set<string>, ids: readonly string[]): Promise<void> => {
    heard.clear()
    return until(() => {
      for (const id of ids) from.publish(id, opened)
      expect(heard.size).toBe(ids.length)
    })
  }
  const ownerOf = async (id: string): Promise<RedisServer> => {
    const slot = slotOfPayload(id)
    const ranges = (await cluster.servers[0]!.cli('cluster', 'nodes')).split('\n').map((line) => line.split(' '))
    const owner = ranges.find(([, , , , , , , , ...slots]) =>
      slots.some((range) => {
        const [from, to = from] = range.split('-').map(Number)
        return slot >= from! && slot <= to!
      }),
    )!
    return cluster.servers.find(({ port }) => owner[1]!.includes(`:${port}@`))!
  }
  const nodeId = async (server: RedisServer): Promise<string> => (await server.cli('cluster', 'myid')).trim()

  it('finds the slots where the servers say they are', async () => {
    await start({ masters: 3, replicas: 0 })
    for (const id of idsEverywhere()) {
      const keySlot = await cluster.servers[0]!.cli('cluster', 'keyslot', `countersign:${id}`)
      expect(slotOfPayload(id)).toBe(Number(keySlot))
    }
  })

  it('takes 5,000 joins at once, over all slots', async () => {
    await start({ masters: 3, replicas: 0 })
    const [here, there] = [await open(), await open()]
    const ids = Array.from({ length: 5_000 }, () => randomUUID())
    const heard = new Set<string>()
    await Promise.all(ids.map((id) => here.join(id, () => heard.add(id))))
    for (const id of ids) there.publish(id, opened)
    await until(() => expect(heard.size).toBe(ids.length))
  })

  it('follows a slot that moves between servers that live, and tells of the gap', async () => {
    await start({ masters: 3, replicas: 0 })
    const [here, there] = [await open({ silence: 1_000 }), await open({ silence: 1_000 })]
    const [id] = idsEverywhere() as [string, string, string]
    const heard = await joinAll(here, [id])
    await expectAllHeard(there, heard, [id])
    let gaps = 0
    here.onGap(() => gaps++)
    const from = await ownerOf(id)
    const to = cluster.servers.find((server) => server !== from)!
    const slot = String(slotOfPayload(id))
    const [source, target] = [await nodeId(from), await nodeId(to)]
    await to.cli('cluster', 'setslot', slot, 'importing', source)
    await from.cli('cluster', 'setslot', slot, 'migrating', target)
    for (const server of [to, from, ...cluster.servers]) await server.cli('cluster', 'setslot', slot, 'node', target)
    await until(() => expect(gaps).toBeGreaterThan(0))
    await expectAllHeard(there, heard, [id])
    expect((await to.cli('pubsub', 'shardchannels')).trim()).toBe(`countersign:${id}`)
    await until(() => expect([here.isHealthy(), there.isHealthy()]).toEqual([true, true]))
  })

  it('goes on with a replica that took the place of its master, and never stops hearing the others', async () => {
    await start({ masters: 3, replicas: 1 })
    const report = aReport()
    const [here, there] = [await open({}, report), await open()]
    const ids = idsEverywhere()
    const heard = await joinAll(here, ids)
    await expectAllHeard(there, heard, ids)
    let gaps = 0
    here.onGap(() => gaps++)
    await (await ownerOf(ids[0]!)).kill()
    await until(() => expect(here.isHealthy()).toBe(false))
    await expectAllHeard(there, heard, ids.slice(1))
    await until(() => expect([here.isHealthy(), there.isHealthy()]).toEqual([true, true]))
    expect(gaps).toBeGreaterThan(0)
    await expectAllHeard(there, heard, ids)
    expect([report.outages.length, report.returns]).toEqual([1, 1])
  })

  it('comes back after the whole cluster was away, and starts without it', async () => {
    await start({ masters: 3, replicas: 0 })
    const early = await open()
    const ids = idsEverywhere()
    const heard = await joinAll(early, ids)
    for (const server of cluster.servers) await server.kill()
    await until(() => expect(early.isHealthy()).toBe(false))
    const late = await open()
    expect(late.isHealthy()).toBe(false)
    for (const server of cluster.servers) await server.start()
    await until(() => expect([early.isHealthy(), late.isHealthy()]).toEqual([true, true]))
    await expectAllHeard(late, heard, ids)
  })
})
