import { randomUUID } from 'node:crypto'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Hint } from '../../src/live/bus.ts'
import type { RedisBus } from '../../src/live/redis/redis-bus.ts'
import { someFacts } from '../live-hub.ts'
import { aRedisBus, aReport } from '../redis-bus.ts'
import { redisMissing, startRedis, type RedisServer } from '../redis.ts'

const missing = redisMissing()
if (missing !== null) console.warn(`skipped: hints through Redis, ${missing}`)

const opened: Hint = { kind: 'facts', facts: someFacts({ opened: true }) }
const until = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 20_000, interval: 5 })

describe.skipIf(missing !== null)('a bus on Redis', () => {
  let redis: RedisServer
  const buses: RedisBus[] = []

  beforeAll(async () => {
    redis = await startRedis()
  })
  afterEach(async () => {
    for (const bus of buses.splice(0)) await bus.close()
  })
  afterAll(() => redis.stop())

  const open = async (report = aReport()): Promise<RedisBus> => {
    const bus = await aRedisBus(redis.url, {}, report)
    buses.push(bus)
    return bus
  }
  const commandsSoFar = async (name: string): Promise<number> =>
    Number(new RegExp(`cmdstat_${name}:calls=(\\d+)`).exec(await redis.cli('info', 'commandstats'))?.[1] ?? 0)

  it('ignores and counts what is no hint of its payload', async () => {
    const bus = await open()
    const heard: Hint[] = []
    const id = randomUUID()
    await bus.join(id, (hint) => heard.push(hint))
    const strange = ['', 'hello', '{"kind":"facts"}', '{"kind":"devappFetched","callId":"x"}', '1'.repeat(100_000)]
    for (const text of strange) await redis.cli('publish', `countersign:${id}`, text)
    bus.publish(id, opened)
    await until(() => expect(heard).toEqual([opened]))
    expect(bus.stats).toMatchObject({ heard: strange.length + 1, malformed: strange.length })
  })

  it('survives a listener that throws', async () => {
    const report = aReport()
    const bus = await open(report)
    const id = randomUUID()
    await bus.join(id, () => {
      throw new Error('a bug')
    })
    bus.publish(id, opened)
    await until(() => expect(report.faults).toEqual([new Error('a bug')]))
    expect([bus.isHealthy(), report.outages]).toEqual([true, []])
  })

  it('takes 10,000 joins at once in a few commands, and as many leaves', async () => {
    const [here, there] = [await open(), await open()]
    const before = [await commandsSoFar('subscribe'), await commandsSoFar('unsubscribe')] as const
    const ids = Array.from({ length: 10_000 }, () => randomUUID())
    const heard = new Set<string>()
    await Promise.all(ids.map((id) => here.join(id, () => heard.add(id))))
    for (const id of ids) there.publish(id, opened)
    await until(() => expect(heard.size).toBe(ids.length))
    await Promise.all(ids.map((id) => here.leave(id)))
    await vi.waitFor(async () => expect(await redis.cli('pubsub', 'channels')).toBe('\n'), { timeout: 20_000 })
    expect((await commandsSoFar('subscribe')) - before[0]).toBeLessThanOrEqual(20)
    expect((await commandsSoFar('unsubscribe')) - before[1]).toBeLessThanOrEqual(20)
    expect(there.stats.lost).toBe(0)
  })

  it('goes by the last word when a payload is left and joined faster than Redis answers', async () => {
    const bus = await open()
    const id = randomUUID()
    const heard: number[] = []
    for (let turn = 0; turn < 200; turn++) {
      void bus.join(id, () => heard.push(turn))
      if (turn % 3 === 0) await new Promise((resolve) => setImmediate(resolve))
      void bus.leave(id)
      if (turn % 7 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    await bus.join(id, () => heard.push(200))
    bus.publish(id, opened)
    await until(() => expect(heard).toEqual([200]))
  })
})

describe('a bus that Redis does not let in', () => {
  let redis: RedisServer | null = null
  let server: Server | null = null
  let bus: RedisBus | null = null
  afterEach(async () => {
    await bus?.close()
    await redis?.stop()
    server?.close()
    redis = null
  })

  it.skipIf(missing !== null)('says so once and without the credentials, and goes on trying', async () => {
    redis = await startRedis({ password: 'right' })
    const report = aReport()
    bus = await aRedisBus(redis.url.replace('right', 'hunter2'), {}, report)
    await vi.waitFor(() => expect(bus!.failures).toBeGreaterThan(2), { timeout: 20_000 })
    expect(report.outages).toEqual([expect.stringContaining('WRONGPASS')])
    expect(report.outages.join()).not.toContain('hunter2')
    expect(bus.isHealthy()).toBe(false)
  })

  it.skipIf(missing !== null)('is not healthy where it may not subscribe or publish', async () => {
    redis = await startRedis()
    await redis.cli('acl', 'setuser', 'reader', 'on', '>pw', '~*', '&other:*', '+@all')
    const report = aReport()
    bus = await aRedisBus(redis.url.replace('//', '//reader:pw@'), {}, report)
    await bus.join(randomUUID(), () => undefined)
    await until(() => expect(report.outages).toEqual([expect.stringContaining('NOPERM')]))
    expect(bus.isHealthy()).toBe(false)
  })

  it('does not repeat the log-in that a server too old for it repeats', async () => {
    server = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.once('data', () =>
        socket.end('-ERR unknown command `HELLO`, with args beginning with: `3`, `AUTH`, `default`, `hunter2`, \r\n'),
      )
    }).listen(0, '127.0.0.1')
    await new Promise((resolve) => server!.once('listening', resolve))
    const { port } = server.address() as AddressInfo
    const report = aReport()
    bus = await aRedisBus(`redis://:hunter2@127.0.0.1:${port}`, {}, report)
    expect(report.outages).toEqual(['the server does not know HELLO: Redis 6 or newer is needed'])
  })
})
