import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createVirtualWallet, type VirtualWallet } from '../../src/virtual-wallet/virtual-wallet.ts'
import { ApplicationClient, payment, signIn } from '../application-client.ts'
import { jsonOf, runCountersign, startCountersign, urlOf, type CountersignProcess } from '../countersign-process.ts'
import { databases } from '../databases.ts'
import type { TemporaryDatabase } from '../postgres.ts'
import { redisMissing, startRedis, type RedisServer } from '../redis.ts'
import { StatusSubscriber } from '../status-subscriber.ts'
import { until } from '../until.ts'

let database: TemporaryDatabase
let environment: Record<string, string>
let node: CountersignProcess
let url: string
let application: ApplicationClient
let wallet: VirtualWallet | null

/** Two workers, with an application and a wallet; none finds by reconciliation what no hint told. */
const start = async (more: Record<string, string> = {}): Promise<void> => {
  environment = {
    DATABASE_URL: database.url,
    COUNTERSIGN_SECRET_KEY: '0'.repeat(64),
    HOST: '127.0.0.1',
    PORT: '0',
    WORKERS: '2',
    RECONCILE_SECONDS: '60',
    DRAIN_SECONDS: '0.5',
    ...more,
  }
  const { api_key: apiKey, api_secret: apiSecret } = jsonOf(
    await runCountersign(['app', 'create', '--name', 'Shop', '--json'], { environment }),
  )
  node = startCountersign(['serve'], { environment })
  url = await urlOf(node)
  application = new ApplicationClient(url, { apiKey, apiSecret })
  wallet = await createVirtualWallet({ server: url, dispatchedResult: 'tesSUCCESS' })
}

const stop = async (): Promise<void> => {
  wallet?.close()
  wallet = null
  node.send('SIGKILL')
  // its stdout is closed by the last process that holds it
  await node.ended
}

const lines = (): any[] =>
  node
    .said()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
const workers = (): number[] => lines().find(({ msg }) => msg === 'ready').workers
const readings = async (): Promise<Record<string, number>> => {
  const text = await (await fetch(`${url}/metrics`)).text()
  const series = text.split('\n').filter((line) => /^\w/.test(line))
  return Object.fromEntries(series.map((line) => [line.split(' ')[0]!, Number(line.split(' ')[1])]))
}

/** Subscribers until both workers have some: one topic of the payload on each. */
const subscribersOfBoth = async (uuid: string): Promise<StatusSubscriber[]> => {
  const subscribers: StatusSubscriber[] = []
  await until('a subscriber on each worker', async () => {
    subscribers.push(await StatusSubscriber.connect(url, uuid))
    return (await readings())['countersign_live_topics'] === 2
  })
  return subscribers
}

const facts = (told: readonly object[]): string[] =>
  told.map((message) => Object.keys(message)[0]!).filter((key) => !['message', 'expires_in_seconds'].includes(key))

const missing = redisMissing()
if (missing !== null) console.warn(`skipped: workers with Redis, ${missing}`)

describe.each(databases)('a node of two workers, on $name', ({ create }) => {
  beforeEach(async () => {
    database = await create()
  })
  afterEach(async () => {
    await stop()
    await database.drop()
  })

  const tellsBoth = async (): Promise<void> => {
    const uuid = await application.create({ txjson: payment })
    const subscribers = await subscribersOfBoth(uuid)
    await wallet!.sign(uuid)
    for (const subscriber of subscribers) {
      expect(await subscriber.hears('signed')).toMatchObject({ payload_uuidv4: uuid, signed: true })
      expect(facts(await subscriber.everything())).toEqual(['opened', 'pre_signed', 'dispatched', 'payload_uuidv4'])
    }
    expect(await readings()).toMatchObject({
      countersign_live_repaired_total: 0,
      countersign_bus_hints_lost_total: 0,
      countersign_bus_connected: 1,
      countersign_live_sockets: subscribers.length,
    })
    for (const subscriber of subscribers) subscriber.vanish()
  }

  it('tells subscribers of both what a wallet does on one of them, once', async () => {
    await start()
    await tellsBoth()
  })

  it.skipIf(missing !== null)('hears of changes through Redis where other nodes do', async () => {
    const redis: RedisServer = await startRedis()
    try {
      await start({ REDIS_URL: redis.url })
      await tellsBoth()
      await stop()
    } finally {
      await redis.stop()
    }
  })

  it('says once that it is ready, when both are, and adds up their metrics whoever is asked', async () => {
    await start()
    expect(lines()).toEqual([expect.objectContaining({ msg: 'ready', listening: url, public_url: url })])
    expect(new Set(workers()).size).toBe(2)
    const count = 'countersign_http_request_duration_seconds_count{method="GET",route="/healthz",status="200"}'
    for (let asked = 1; asked <= 6; asked++) {
      await fetch(`${url}/healthz`, { headers: { connection: 'close' } })
      expect(await readings()).toMatchObject({ countersign_workers: 2, [count]: asked })
    }
  })

  it('replaces a worker that is killed, and loses nothing', async () => {
    await start()
    const uuid = await application.create({ txjson: payment })
    const subscribers = await subscribersOfBoth(uuid)
    const before = await readings()
    const [victim, survivor] = workers()

    // requests on both all the while: what is answered must be there afterwards
    const answered: string[] = []
    let isOver = false
    const busy = async (): Promise<void> => {
      while (!isOver) {
        const created = await application.create({ txjson: signIn }).catch(() => null)
        if (created !== null) answered.push(created)
      }
    }
    const clients = Array.from({ length: 4 }, busy)
    await until('some are created', () => answered.length > 20)
    process.kill(victim!, 'SIGKILL')
    await node.says(/a worker was replaced/)
    const uponReturn = answered.length
    await until('more are created', () => answered.length > uponReturn + 20)
    isOver = true
    await Promise.all(clients)

    expect(lines().find(({ msg }) => /a worker ended/.test(msg))).toMatchObject({ worker: victim, signal: 'SIGKILL' })
    for (const created of answered)
      expect(await application.details(created)).toMatchObject({ meta: { uuid: created } })
    // no sum falls
    const after = await readings()
    for (const [name, value] of Object.entries(before)) {
      if (/^countersign_.*_(total|count|bucket.*)$/.test(name))
        expect([name, after[name]! >= value]).toEqual([name, true])
    }
    expect(after).toMatchObject({ countersign_workers: 2 })

    // those of the dead worker come back, perhaps to its successor, and are told all
    subscribers.push(await StatusSubscriber.connect(url, uuid), await StatusSubscriber.connect(url, uuid))
    await wallet!.sign(uuid)
    const heard = await Promise.allSettled(subscribers.map((subscriber) => subscriber.hears('signed')))
    expect(heard.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThanOrEqual(3)
    for (const subscriber of subscribers.slice(-2)) {
      expect(facts(await subscriber.everything())).toEqual(['opened', 'pre_signed', 'dispatched', 'payload_uuidv4'])
    }
    expect(isRunning(survivor!)).toBe(true)
    for (const subscriber of subscribers) subscriber.vanish()
  })

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'sends every subscriber elsewhere and ends with status 0 (%s)',
    async (signal) => {
      await start({ DRAIN_SECONDS: '3' })
      const subscribers = await subscribersOfBoth(await application.create({ txjson: signIn }))
      const from = performance.now()
      node.send(signal)
      // as from a terminal, which sends it to the whole group
      for (const worker of workers()) process.kill(worker, signal)
      await node.says(/stopping/)
      const isDraining = async (): Promise<boolean> => {
        const answer = await fetch(`${url}/readyz`, { headers: { connection: 'close' } })
        return answer.status === 503 && ((await answer.json()) as { draining: boolean }).draining
      }
      // whichever answers
      await until('every worker drains', async () => {
        const answers = await Promise.all(Array.from({ length: 6 }, isDraining))
        return answers.every(Boolean)
      })
      for (const subscriber of subscribers) expect(await subscriber.closed).toMatchObject({ code: 1012 })
      expect(await node.ended).toMatchObject({ status: 0 })
      expect(performance.now() - from).toBeLessThan(8_000)
      expect(workers().filter(isRunning)).toEqual([])
      expect(lines().map(({ msg }) => msg)).toEqual(['ready', 'stopping'])
    },
  )
})

describe('a node of several workers', () => {
  beforeEach(async () => {
    database = await databases[0]!.create()
  })
  afterEach(async () => {
    await stop()
    await database.drop()
  })

  it('is gone at once when told twice', async () => {
    await start({ DRAIN_SECONDS: '4' })
    node.send('SIGTERM')
    await node.says(/stopping/)
    const from = performance.now()
    node.send('SIGTERM')
    expect(await node.ended).toMatchObject({ status: 0 })
    expect(performance.now() - from).toBeLessThan(3_000)
  })

  it('leaves no worker behind when its first process is killed', async () => {
    await start()
    const left = workers()
    node.send('SIGKILL')
    expect(await node.ended).toMatchObject({ signal: 'SIGKILL' })
    await until('no worker is left', () => !left.some(isRunning))
  })

  it('replaces a worker that was told to stop by itself, once it has sent its subscribers elsewhere', async () => {
    await start()
    const subscribers = await subscribersOfBoth(await application.create({ txjson: signIn }))
    const [told, other] = workers()
    process.kill(told!, 'SIGTERM')
    expect(await Promise.race(subscribers.map(({ closed }) => closed))).toMatchObject({ code: 1012 })
    await node.says(/a worker was replaced/)
    expect([isRunning(told!), isRunning(other!)]).toEqual([false, true])
    for (const subscriber of subscribers) subscriber.vanish()
  })

  it('makes the schema and the key once, however many start on an empty folder', async () => {
    environment = { DATABASE_URL: database.url, HOST: '127.0.0.1', PORT: '0', WORKERS: '3' }
    node = startCountersign(['serve'], { environment })
    url = await urlOf(node)
    expect(workers().length).toBe(3)
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
  })
})

describe('a node of several workers that cannot start', () => {
  beforeEach(async () => {
    database = await databases[0]!.create()
    environment = { DATABASE_URL: database.url, HOST: '127.0.0.1', PORT: '0', WORKERS: '3' }
  })
  afterEach(() => database.drop())

  const serve = (more: Record<string, string>) =>
    runCountersign(['serve'], { environment: { ...environment, ...more } })

  it('says once that the port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    expect(await serve({ PORT: String(port) })).toEqual({
      status: 1,
      stdout: '',
      stderr: `countersign: port ${port} on 127.0.0.1 is already in use; choose another with --port\n`,
    })
    other.close()
  })

  it('says once that the key is wrong', async () => {
    expect((await runCountersign(['app', 'list'], { environment })).status).toBe(0)
    const { status, stdout, stderr } = await serve({ COUNTERSIGN_SECRET_KEY: '1'.repeat(64) })
    expect([status, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/^countersign: COUNTERSIGN_SECRET_KEY is not the key .*\n$/)
  })

  it('says that a database in memory is for one process', async () => {
    const { status, stdout, stderr } = await serve({ DATABASE_URL: 'sqlite::memory:' })
    expect([status, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/^countersign: WORKERS \(--workers\) must be 1 with sqlite::memory:.*\n$/)
  })
})

it('offers workers to serve alone', async () => {
  expect((await runCountersign(['serve', '--help'])).stdout).toContain('--workers')
  expect((await runCountersign(['dev', '--help'])).stdout).not.toContain('--workers')
})

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
