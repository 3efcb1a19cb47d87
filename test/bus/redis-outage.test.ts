import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Bus, Hint } from '../../src/live/bus.ts'
import type { RedisBus } from '../../src/live/redis/redis-bus.ts'
import type { RedisSettings } from '../../src/live/redis/settings.ts'
import { someFacts } from '../live-hub.ts'
import { aRedisBus, aReport, type Told } from '../redis-bus.ts'
import { redisMissing, startRedis, type RedisServer } from '../redis.ts'

const missing = redisMissing()
if (missing !== null) console.warn(`skipped: outages of Redis, ${missing}`)

const opened: Hint = { kind: 'facts', facts: someFacts({ opened: true }) }
const until = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 20_000, interval: 5 })

describe.skipIf(missing !== null)('a bus whose Redis fails', () => {
  let redis: RedisServer
  let told: Told
  let buses: RedisBus[]

  beforeEach(async () => {
    redis = await startRedis()
    told = aReport()
    buses = []
  })
  afterEach(async () => {
    for (const bus of buses) await bus.close()
    await redis.stop()
  })

  const open = async (settings: Partial<RedisSettings> = {}): Promise<RedisBus> => {
    const bus = await aRedisBus(redis.url, settings, told)
    buses.push(bus)
    return bus
  }
  const clientsOfRedis = (): Promise<string> => redis.cli('client', 'list')
  const channelsInRedis = async (): Promise<number> =>
    (await redis.cli('pubsub', 'channels', 'countersign:*')).split('\n').filter((line) => line !== '').length

  /** Publishes until it is heard, since nobody knows when the other side is there. */
  const expectFlow = async (from: Bus, to: Bus): Promise<void> => {
    const id = randomUUID()
    const heard: Hint[] = []
    await to.join(id, (hint) => heard.push(hint))
    from.publish(id, opened)
    await until(() => expect(heard).toEqual([opened]))
    await to.leave(id)
  }

  it('subscribes everything again before it tells of the gap, once, when Redis was killed and comes back', async () => {
    const [here, there] = [await open(), await open()]
    const ids = [randomUUID(), randomUUID(), randomUUID()]
    const heard: string[] = []
    for (const id of ids) await here.join(id, () => heard.push(id))
    let gaps = 0
    here.onGap(() => {
      gaps++
      for (const id of ids) here.publish(id, opened)
    })
    await redis.kill()
    await until(() => expect([here.isHealthy(), there.isHealthy()]).toEqual([false, false]))
    await redis.start()
    await until(() => expect(heard.toSorted()).toEqual(ids.toSorted()))
    await until(() => expect(there.isHealthy()).toBe(true))
    await expectFlow(there, here)
    expect(here.isHealthy()).toBe(true)
    expect([gaps, here.stats.reconnects, here.stats.lost]).toEqual([1, 1, 0])
  })

  it('tells of an outage once and of its end once, however many attempts it takes', async () => {
    const bus = await open({ random: () => 0.99 })
    for (let outage = 1; outage <= 2; outage++) {
      await redis.kill()
      await until(() => expect(bus.isHealthy()).toBe(false))
      // several attempts come to nothing
      await vi.waitFor(() => expect(bus.failures).toBeGreaterThan(3 * outage), { timeout: 20_000 })
      await redis.start()
      await until(() => expect([told.outages.length, told.returns]).toEqual([outage, outage]))
    }
  })

  it('starts without Redis, is not healthy, and counts its first connection as the end of a gap', async () => {
    await redis.kill()
    const bus = await open()
    const gaps: number[] = []
    bus.onGap(() => gaps.push(bus.stats.reconnects))
    expect(bus.isHealthy()).toBe(false)
    expect(told.outages).toEqual([expect.stringContaining('ECONNREFUSED')])
    const heard: Hint[] = []
    const id = randomUUID()
    await bus.join(id, (hint) => heard.push(hint))
    await redis.start()
    await until(() => expect(bus.isHealthy()).toBe(true))
    bus.publish(id, opened)
    await until(() => expect(heard).toEqual([opened]))
    expect([gaps, told.returns]).toEqual([[1], 1])
  })

  it('loses hints at once while Redis is away, and counts them', async () => {
    const bus = await open()
    await redis.kill()
    await until(() => expect(bus.isHealthy()).toBe(false))
    for (let count = 0; count < 1_000; count++) bus.publish(randomUUID(), opened)
    expect(bus.stats).toMatchObject({ published: 1_000, lost: 1_000 })
    await redis.start()
    await until(() => expect(bus.isHealthy()).toBe(true))
    await expectFlow(bus, bus)
    expect(bus.stats).toMatchObject({ published: 1_001, lost: 1_000, heard: 1 })
  })

  it('does not subscribe what was left while Redis was away, and subscribes what was joined', async () => {
    const bus = await open()
    const [left, kept, joined, leftAgain] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()]
    const heard: string[] = []
    for (const id of [left, kept]) await bus.join(id, () => heard.push(id))
    await redis.kill()
    await until(() => expect(bus.isHealthy()).toBe(false))
    await bus.leave(left)
    await bus.join(joined, () => heard.push(joined))
    await bus.join(leftAgain, () => heard.push(leftAgain))
    await bus.leave(leftAgain)
    await redis.start()
    await until(() => expect(bus.isHealthy()).toBe(true))
    expect(await channelsInRedis()).toBe(2)
    for (const id of [left, kept, joined, leftAgain]) bus.publish(id, opened)
    await until(() => expect(heard.toSorted()).toEqual([kept, joined].toSorted()))
  })

  it('notices a connection that hangs without closing, replaces it, and tells of the gap', async () => {
    const bus = await open({ silence: 400 })
    let gaps = 0
    bus.onGap(() => gaps++)
    redis.pause()
    await until(() => expect(bus.isHealthy()).toBe(false))
    expect(told.outages).toEqual(['no answer within 0.4 s'])
    // new connections are taken by the system and hang, too
    await vi.waitFor(() => expect(bus.failures).toBeGreaterThan(2), { timeout: 20_000 })
    redis.resume()
    await until(() => expect([bus.isHealthy(), gaps, told.returns]).toEqual([true, 1, 1]))
    await expectFlow(bus, bus)
  })

  it('keeps no more than the bound for a connection that hangs, and loses the rest', async () => {
    const bus = await open({ unansweredBytes: 10_000 })
    const size = `countersign:${randomUUID()}`.length + JSON.stringify(opened).length
    const kept = Math.floor(10_000 / size)
    redis.pause()
    for (let count = 0; count < 500; count++) bus.publish(randomUUID(), opened)
    expect(bus.stats).toMatchObject({ published: 500, lost: 500 - kept })
    redis.resume()
    await expectFlow(bus, bus)
    expect(bus.stats.lost).toBe(500 - kept)
  })

  it('keeps nobody waiting for a subscription that is not confirmed, and hears its hints later', async () => {
    const [here, there] = [await open({ patience: 50 }), await open()]
    const heard: Hint[] = []
    const id = randomUUID()
    redis.pause()
    await here.join(id, (hint) => heard.push(hint))
    there.publish(id, opened)
    redis.resume()
    await until(() => {
      there.publish(id, opened)
      expect(heard).not.toEqual([])
    })
  })

  it.each([
    ['connected', async () => undefined],
    ['hanging', async () => redis.pause()],
    ['away', () => redis.kill()],
  ])('ends at once when it is closed while Redis is %s', async (_, prepare) => {
    const whileConnected = await open()
    await prepare()
    const whileConnecting = await open({ patience: 50 })
    for (const bus of [whileConnected, whileConnecting]) {
      await bus.close()
      const { failures } = bus
      bus.publish(randomUUID(), opened)
      await bus.join(randomUUID(), () => undefined)
      await bus.leave(randomUUID())
      expect([bus.isHealthy(), bus.stats.lost, bus.failures - failures]).toEqual([false, 1, 0])
    }
    redis.resume()
    if (redis.isRunning())
      await vi.waitFor(async () => expect(await clientsOfRedis()).not.toContain('name=countersign'))
  })
})
