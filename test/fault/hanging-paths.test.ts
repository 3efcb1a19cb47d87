import { setTimeout } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { signIn } from '../application-client.ts'
import type { Passing } from '../proxied-direction.ts'
import { TcpProxy, trickle } from '../tcp-proxy.ts'
import { until } from '../until.ts'
import { Cluster, metricOf, readinessOf } from './cluster.ts'
import { Lives, type LivesOptions } from './lives.ts'
import { Random } from './random.ts'
import { Swarm } from './swarm.ts'
import { patient, saysUnavailable } from './unavailable.ts'

const seed = Number(process.env['FAULT_SEED'] ?? Math.floor(Math.random() * 2 ** 32))
const users = 6
/** How long a path is bad. */
const badFor = 8_000

type Trouble = (proxy: TcpProxy) => Promise<void>

const whileSo =
  (passing: Passing, direction: 'both' | 'up' | 'down' = 'both'): Trouble =>
  async (proxy) => {
    proxy.set(passing, direction)
    await setTimeout(badFor)
  }

/** Broken again and again, for as long. */
const resets: Trouble = async (proxy) => {
  for (let count = 0; count < badFor / 500; count++) {
    proxy.reset()
    await setTimeout(500)
  }
}

/** A proxy in front of a port of 127.0.0.1. */
const proxyTo = async (port: number): Promise<TcpProxy> => {
  const proxy = await TcpProxy.start(port)
  onTestFinished(() => proxy.stop())
  return proxy
}

const startCluster = async (settings: Readonly<Record<string, string>> = {}): Promise<Cluster> => {
  const cluster = await Cluster.start({ redis: true }, settings)
  onTestFinished(() => cluster.stop())
  return cluster
}

const startSwarm = (): Swarm => {
  const swarm = new Swarm()
  onTestFinished(() => swarm.end())
  return swarm
}

/** Lives go on before the trouble, during it and after it. */
const liveThrough = async (options: LivesOptions, trouble: () => Promise<void>): Promise<Lives> => {
  const lives = new Lives({ pace: 50, ...options })
  const state = { bad: true }
  const living = (async () => {
    while (state.bad) await lives.live(users)
  })()
  const troubled = (async () => {
    await setTimeout(1_000)
    await trouble()
    await setTimeout(1_000)
  })().finally(() => (state.bad = false))
  await Promise.all([living, troubled])
  return lives
}

describe('between a node and Redis, a path', () => {
  it.each<[string, Trouble]>([
    ['hangs', whileSo({ paused: true })],
    ['hangs on the way to the node', whileSo({ paused: true }, 'down')],
    ['delays', whileSo({ delay: 700 })],
    ['breaks again and again', resets],
    ['trickles', whileSo(trickle(16, 20))],
  ])(`that %s costs no status and no more than two seconds (FAULT_SEED=${seed})`, async (name, trouble) => {
    const cluster = await startCluster()
    const proxy = await proxyTo(cluster.redis!.port)
    // both nodes in turn are the one behind it: one acts and publishes, the other hears
    const behind = { REDIS_URL: cluster.redis!.url(proxy.port) }
    const [acted, watched] = [await cluster.startNode(behind), await cluster.startNode(behind)]
    const random = new Random(seed)
    const swarm = startSwarm()
    const wallets = await cluster.registerWallets(acted, users)
    const lives = await liveThrough(
      {
        application: cluster.applicationAt(acted),
        wallets,
        random,
        watch: (uuid) => swarm.add(uuid, { port: () => watched.port, comesBackAfter: () => random.below(200) }),
      },
      async () => {
        await trouble(proxy)
        proxy.pass()
      },
    )
    await lives.expectAllTold()
    const lateness = lives.longestLateness()
    const welcome = longestWait(swarm)
    console.log(
      `Redis, a path that ${name}: ${lives.all.length} payloads, the latest status after ${Math.round(lateness)} ms, ` +
        `the longest wait for a welcome ${Math.round(welcome)} ms (FAULT_SEED=${seed})`,
    )
    expect(lateness).toBeLessThan(2_000)
    expect(welcome).toBeLessThan(5_000)
  })
})

describe('between a node and PostgreSQL, a path', () => {
  it.each<[string, Trouble]>([
    ['hangs', whileSo({ paused: true })],
    ['hangs on the way to the node', whileSo({ paused: true }, 'down')],
    ['delays', whileSo({ delay: 50 })],
    ['breaks again and again', resets],
    ['trickles', whileSo(trickle(256, 5))],
  ])(`that %s costs a 503 at most, and no status (FAULT_SEED=${seed})`, async (name, trouble) => {
    const cluster = await startCluster()
    const proxy = await proxyTo(cluster.postgres.port)
    const afar = await cluster.startNode({ DATABASE_URL: cluster.postgres.url('postgres', proxy.port) })
    const other = await cluster.startNode()
    const random = new Random(seed)
    const swarm = startSwarm()
    const watch = (uuid: string) =>
      swarm.add(uuid, {
        port: () => (random.oneIn(2) ? afar.port : other.port),
        comesBackAfter: () => 100 + random.below(200),
      })
    const failures = patient()
    const living = async (node: { readonly url: string }) => ({
      application: cluster.applicationAt(node),
      wallets: await cluster.registerWallets(node, users),
      random: random.fork(),
      watch,
      askAgain: failures.askAgain,
    })
    const probing = { goesOn: true }
    // whoever asks the node that cannot reach its database is answered, and clearly
    let longest = 0
    const probes = (async () => {
      while (probing.goesOn) {
        const began = performance.now()
        const answer = await cluster.applicationAt(afar).call('POST', 'payload', { txjson: signIn })
        longest = Math.max(longest, performance.now() - began)
        if (answer.status !== 200) expect(saysUnavailable(answer), JSON.stringify(answer)).toBe(true)
        await setTimeout(100)
      }
    })()
    const troubled = async (): Promise<void> => {
      await trouble(proxy)
      proxy.pass()
    }
    const [here, there] = await Promise.all([
      liveThrough(await living(other), troubled),
      liveThrough(await living(afar), () => setTimeout(badFor)),
    ]).finally(() => (probing.goesOn = false))
    await probes
    await until('readiness', async () => (await readinessOf(afar)).ready)
    await here.expectAllTold(10_000)
    await there.expectAllTold(10_000)
    console.log(
      `PostgreSQL, a path that ${name}: ${here.all.length + there.all.length} payloads; ${failures.answers} answers 503, ` +
        `the slowest answer after ${Math.round(longest)} ms (FAULT_SEED=${seed})`,
    )
    expect(longest).toBeLessThan(20_000)
  })
})

describe('between a client and its node, a path', () => {
  it.each<[string, Trouble]>([
    ['hangs', whileSo({ paused: true })],
    ['delays', whileSo({ delay: 300 })],
    ['breaks again and again', resets],
    ['trickles', whileSo(trickle(8, 10))],
  ])(`that %s leaves its subscribers with everything in the end (FAULT_SEED=${seed})`, async (name, trouble) => {
    const cluster = await startCluster({ KEEPALIVE_SECONDS: '1' })
    const [acted, watched] = [await cluster.startNode(), await cluster.startNode()]
    const proxy = await proxyTo(watched.port)
    const random = new Random(seed)
    const swarm = startSwarm()
    const lives = await liveThrough(
      {
        application: cluster.applicationAt(acted),
        wallets: await cluster.registerWallets(acted, users),
        random,
        watch: (uuid) => swarm.add(uuid, { port: () => proxy.port, comesBackAfter: () => random.below(200) }),
      },
      async () => {
        await trouble(proxy)
        proxy.pass()
      },
    )
    await lives.expectAllTold(10_000)
    const reconnects = swarm.subscribers.reduce((sum, { connections }) => sum + connections.length - 1, 0)
    console.log(
      `client, a path that ${name}: ${lives.all.length} payloads, ${swarm.subscribers.length} subscribers, ` +
        `who came back ${reconnects} times (FAULT_SEED=${seed})`,
    )
  })

  it('that hangs for good leaves no half-open socket: gone after two rounds of keepalive, 30 s by default', async () => {
    const cluster = await startCluster()
    const node = await cluster.startNode()
    const proxy = await proxyTo(node.port)
    const uuid = await cluster.applicationAt(node).create({ txjson: signIn })
    const swarm = startSwarm()
    for (let count = 0; count < 200; count++) swarm.add(uuid, { port: () => proxy.port })
    const bystander = swarm.add(uuid, { port: () => node.port })
    await until('the welcomes', () => swarm.allWelcomed)
    proxy.pause()
    const hungAt = performance.now()
    const open = () => metricOf(node, 'countersign_live_sockets')
    expect(await open()).toBe(201)
    await until('the half-open sockets to be gone', async () => (await open()) === 1, 60_000)
    const goneAfter = performance.now() - hungAt
    console.log(`client, a path that hangs for good: 200 half-open sockets gone after ${Math.round(goneAfter)} ms`)
    expect(await metricOf(node, 'countersign_live_half_open_total')).toBe(200)
    expect(bystander.connections).toMatchObject([{ code: null }])
    // a ping at the latest one round after the path was last sound, and the next round finds it unanswered
    expect(goneAfter).toBeLessThan(2 * 15_000 + 5_000)
  })
})

/** From connecting to the welcome. */
const longestWait = (swarm: Swarm): number =>
  Math.max(
    ...swarm.subscribers.flatMap(({ connections }) =>
      connections.map(({ begun, told }) => (told[0]?.at ?? begun) - begun),
    ),
  )
