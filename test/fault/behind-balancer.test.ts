import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { refusals } from '../../src/refusals.ts'
import { ApplicationClient, signIn } from '../application-client.ts'
import { jsonOf, runCountersign, startCountersign, urlOf, type CountersignProcess } from '../countersign-process.ts'
import { freePort } from '../free-port.ts'
import { balancerMissing, OwnBalancer } from '../own-balancer.ts'
import { OwnPostgres } from '../own-postgres.ts'
import { startRedis, type RedisServer } from '../redis.ts'
import { StatusSubscriber } from '../status-subscriber.ts'
import { until } from '../until.ts'
import { registerBusyWallet, type BusyWallet } from './busy-wallet.ts'

const missing = balancerMissing()
if (missing !== null) console.warn(`SKIPPED behind a balancer: ${missing}`)

const aUuid = expect.stringMatching(/^[\da-f-]{36}$/)
const aText = expect.any(String)

/** A client's own address, which is not the balancer's. */
const elsewhere = '127.0.0.5'

describe.skipIf(missing !== null)('two nodes behind deploy/haproxy.cfg', () => {
  let postgres: OwnPostgres
  let redis: RedisServer
  let balancer: OwnBalancer
  let application: ApplicationClient
  let environment: Record<string, string>
  let ports: [number, number]
  let nodes: [CountersignProcess, CountersignProcess]

  /** Resolves once it listens. */
  const startNode = async (port: number): Promise<CountersignProcess> => {
    const node = startCountersign(['serve'], { environment: { ...environment, PORT: String(port) } })
    await urlOf(node)
    return node
  }
  const stopNode = async (node: CountersignProcess) => {
    node.send('SIGTERM')
    return node.ended
  }

  beforeAll(async () => {
    ports = [await freePort(), await freePort()]
    postgres = await OwnPostgres.start()
    redis = await startRedis()
    balancer = await OwnBalancer.start(ports)
    environment = {
      DATABASE_URL: postgres.url(),
      REDIS_URL: redis.url,
      COUNTERSIGN_SECRET_KEY: '0'.repeat(64),
      HOST: '127.0.0.1',
      PUBLIC_URL: balancer.url,
      TRUST_PROXY: '127.0.0.1',
      SOCKETS_PER_ADDRESS: '1',
    }
    const { api_key: apiKey, api_secret: apiSecret } = jsonOf(
      await runCountersign(['app', 'create', '--name', 'Shop', '--json'], { environment }),
    )
    application = new ApplicationClient(balancer.url, { apiKey, apiSecret })
    nodes = [await startNode(ports[0]), await startNode(ports[1])]
    await balancer.findsNode()
  })
  afterAll(async () => {
    await Promise.all(nodes.map(stopNode))
    await balancer.stop()
    await redis.stop()
    await postgres.destroy()
  })

  it.each(['/metrics', '/%6detrics', '/readyz', '/%72eadyz?exclude=bus'])(
    'show the world no %s, which a node itself answers',
    async (path) => {
      expect((await fetch(urlAt(ports[0]) + path)).status).toBe(200)
      expect((await fetch(balancer.url + path)).status).toBe(404)
    },
  )

  it('know each client by its own address, whatever it claims', async () => {
    const uuid = await application.create({ txjson: signIn })
    const ask = async (localAddress: string, claimed: string): Promise<number> => {
      const headers = { 'x-forwarded-for': claimed }
      const socket = new WebSocket(`ws://127.0.0.1:${balancer.port}/sign/${uuid}`, { localAddress, headers })
      socket.on('error', () => undefined)
      const answers = [once(socket, 'upgrade'), once(socket, 'unexpected-response')]
      return (await Promise.race(answers)).at(-1).statusCode as number
    }
    // one on each node, and no more
    const answers = []
    for (let claim = 1; claim <= 3; claim++) answers.push(await ask(elsewhere, `198.51.100.${claim}`))
    expect(answers).toContain(429)
    expect(await ask('127.0.0.6', '198.51.100.1')).toBe(101)
  })

  it('are restarted one after the other while no call fails and nobody misses a result', async () => {
    const wallets = await Promise.all(Array.from({ length: 8 }, () => registerBusyWallet(balancer.url)))
    const failures: unknown[] = []
    let resolved = 0
    let over = false

    /** Comes back as often as it is sent elsewhere, as the official SDK does. */
    const follow = async (uuid: string): Promise<void> => {
      for (;;) {
        const subscriber = await StatusSubscriber.connect(balancer.url, uuid)
        const heard = await subscriber.hears('signed').catch(() => null)
        if (heard === null) continue
        subscriber.vanish()
        return
      }
    }
    const live = async ({ client, signatures }: BusyWallet): Promise<void> => {
      while (!over) {
        const uuid = await application.create({ txjson: signIn })
        const followed = follow(uuid)
        // told by the await below, which a failure in between does not reach
        followed.catch(() => undefined)
        await application.details(uuid)
        await client.fetchPayload(uuid)
        await setTimeout(200)
        await client.patchPayload(uuid, signatures.signIn)
        await followed
        resolved += 1
      }
    }
    const work = wallets.map((wallet) => live(wallet).catch((error: unknown) => failures.push(error)))
    const moreResolved = async (): Promise<void> => {
      const before = resolved
      await until('sign requests to go on', () => resolved > before + wallets.length || failures.length > 0)
    }

    for (const index of [0, 1] as const) {
      await moreResolved()
      expect(await stopNode(nodes[index])).toMatchObject({ status: 0 })
      await moreResolved()
      nodes[index] = await startNode(ports[index])
      await until('the balancer to use the new node', () => servesApi(ports[index]))
    }
    over = true
    await Promise.all(work)
    expect(failures).toEqual([])
  })

  it('are refused for by the balancer as they would themselves, while none is there', async () => {
    await Promise.all(nodes.map(stopNode))
    const { status, body } = await application.call('GET', 'ping')
    const { code } = refusals.unavailable
    expect({ status, body }).toEqual({ status: 503, body: { error: { reference: aUuid, code, message: aText } } })
  })
})

const urlAt = (port: number): string => `http://127.0.0.1:${port}`

const servesApi = async (port: number): Promise<boolean> =>
  /_count\{.*route="\/api\//.test(await (await fetch(`${urlAt(port)}/metrics`)).text())
