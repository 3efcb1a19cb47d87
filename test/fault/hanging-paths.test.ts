import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { Milliseconds } from '../../src/clock.ts'
import { signIn } from '../application-client.ts'
import type { Passing } from '../proxied-direction.ts'
import { TcpProxy, trickle } from '../tcp-proxy.ts'
import { until } from '../until.ts'
import { Cluster, metricOf, readinessOf, type ClusterNode } from './cluster.ts'
import { Lives, type LivesOptions } from './lives.ts'
import { Random } from './random.ts'
import { Swarm } from './swarm.ts'
import { patient, saysUnavailable } from './unavailable.ts'

const seed = Number(process.env['FAULT_SEED'] ?? Math.floor(Math.random() * 2 ** 32))
const users = 6
/** How long a path is bad, unless it says otherwise. */
const badFor = 4_000

type Trouble = (proxy: TcpProxy) => Promise<void>

interface Duration {
  readonly direction?: 'both' | 'up' | 'down'
  readonly time?: Milliseconds
}

const during =
  (passing: Passing, { direction = 'both', time = badFor }: Duration = {}): Trouble =>
  async (proxy) => {
    proxy.set(passing, direction)
    await setTimeout(time)
    proxy.pass()
  }

/** Broken again and again. */
const resets: Trouble = async (proxy) => {
  for (let count = 0; count < badFor / 500; count++) {
    proxy.reset()
    await setTimeout(500)
  }
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

describe('between nodes and Redis, a path', () => {
  let cluster: Cluster
  let proxy: TcpProxy
  let [acted, watched]: ClusterNode[] = []
  beforeAll(async () => {
    cluster = await Cluster.start({ redis: true })
    proxy = await TcpProxy.start(cluster.redis!.port)
    // both are behind it: one publishes, the other hears
    const behind = { REDIS_URL: `redis://127.0.0.1:${proxy.port}` }
    ;[acted, watched] = [await cluster.startNode(behind), await cluster.startNode(behind)]
  })
  afterAll(async () => {
    await cluster.stop()
    await proxy.stop()
  })

  it.each<[string, Trouble]>([
    ['hangs', during({ paused: true }, { time: 8_000 })],
    ['hangs on the way back', during({ paused: true }, { direction: 'down' })],
    ['delays', during({ delay: 700 })],
    ['breaks again and again', resets],
    ['trickles', during(trickle(16, 20))],
  ])(`that %s costs no status and no more than two seconds (FAULT_SEED=${seed})`, async (name, trouble) => {
    const random = new Random(seed)
    const swarm = startSwarm()
    const options: LivesOptions = {
      application: cluster.applicationAt(acted!),
      wallets: await cluster.registerWallets(acted!, users),
      random,
      watch: (uuid) => swarm.add(uuid, { port: () => watched!.port, comesBackAfter: () => random.below(200) }),
    }
    const lives = await liveThrough(options, () => trouble(proxy))
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
  let cluster: Cluster
  let proxy: TcpProxy
  let [afar, other]: ClusterNode[] = []
  beforeAll(async () => {
    cluster = await Cluster.start({ redis: true })
    proxy = await TcpProxy.start(cluster.postgres.port)
    afar = await cluster.startNode({ DATABASE_URL: cluster.postgres.url('postgres', proxy.port) })
    other = await cluster.startNode()
  })
  afterAll(async () => {
    await cluster.stop()
    await proxy.stop()
  })

  it.each<[string, Trouble]>([
    // for longer than a node waits
    ['hangs', during({ paused: true }, { time: 20_000 })],
    ['hangs on the way back', during({ paused: true }, { direction: 'down' })],
    ['delays', during({ delay: 50 })],
    ['breaks again and again', resets],
    ['trickles', during(trickle(256, 5))],
  ])(`that %s costs a 503 at most, and no status (FAULT_SEED=${seed})`, async (name, trouble) => {
    const random = new Random(seed)
    const swarm = startSwarm()
    const failures = patient()
    const optionsAt = async (node: ClusterNode): Promise<LivesOptions> => ({
      application: cluster.applicationAt(node),
      wallets: await cluster.registerWallets(node, users),
      random: random.fork(),
      watch: (uuid) =>
        swarm.add(uuid, {
          port: () => random.choose([afar!, other!]).port,
          comesBackAfter: () => 100 + random.below(200),
        }),
      askAgain: failures.askAgain,
    })
    const [there, here] = [await optionsAt(afar!), await optionsAt(other!)]
    // whoever asks the node that cannot reach its database is answered, and clearly
    const probing = { goesOn: true, longest: 0, refused: 0 }
    const probe = async (): Promise<void> => {
      const began = performance.now()
      const answer = await cluster.applicationAt(afar!).call('POST', 'payload', { txjson: signIn })
      probing.longest = Math.max(probing.longest, performance.now() - began)
      if (answer.status === 200) return
      expect(saysUnavailable(answer), JSON.stringify(answer)).toBe(true)
      probing.refused++
    }
    const probes = (async () => {
      while (probing.goesOn) {
        await probe()
        await setTimeout(100)
      }
    })()
    const lived = await Promise.all([
      liveThrough(here, () => trouble(proxy)),
      liveThrough(there, () => setTimeout(badFor)),
    ]).finally(() => (probing.goesOn = false))
    await probes
    await until('readiness', async () => (await readinessOf(afar!)).ready)
    await Promise.all(lived.map((lives) => lives.expectAllTold(10_000)))
    console.log(
      `PostgreSQL, a path that ${name}: ${lived.map(({ all }) => all.length).join(' and ')} payloads; ` +
        `${failures.answers + probing.refused} answers 503, the slowest answer after ${Math.round(probing.longest)} ms ` +
        `(FAULT_SEED=${seed})`,
    )
    expect(probing.longest).toBeLessThan(20_000)
  })
})

describe('between clients and their node, a path', () => {
  let cluster: Cluster
  let proxy: TcpProxy
  let [acted, watched, patientNode]: ClusterNode[] = []
  beforeAll(async () => {
    cluster = await Cluster.start({ redis: true })
    acted = await cluster.startNode()
    watched = await cluster.startNode({ KEEPALIVE_SECONDS: '1' })
    patientNode = await cluster.startNode()
    proxy = await TcpProxy.start(watched.port)
  })
  afterAll(async () => {
    await cluster.stop()
    await proxy.stop()
  })

  it.each<[string, Trouble]>([
    ['hangs', during({ paused: true })],
    ['delays', during({ delay: 300 })],
    ['breaks again and again', resets],
    ['trickles', during(trickle(8, 10))],
  ])(`that %s leaves its subscribers with everything in the end (FAULT_SEED=${seed})`, async (name, trouble) => {
    const random = new Random(seed)
    const swarm = startSwarm()
    const options: LivesOptions = {
      application: cluster.applicationAt(acted!),
      wallets: await cluster.registerWallets(acted!, users),
      random,
      watch: (uuid) => swarm.add(uuid, { port: () => proxy.port, comesBackAfter: () => random.below(200) }),
    }
    const lives = await liveThrough(options, () => trouble(proxy))
    await lives.expectAllTold(10_000)
    const reconnects = swarm.subscribers.reduce((sum, { connections }) => sum + connections.length - 1, 0)
    console.log(
      `client, a path that ${name}: ${lives.all.length} payloads, ${swarm.subscribers.length} subscribers, ` +
        `who came back ${reconnects} times (FAULT_SEED=${seed})`,
    )
  })

  it('that hangs for good leaves no half-open socket: gone after two rounds of keepalive, 30 s by default', async () => {
    const node = patientNode!
    const path = await TcpProxy.start(node.port)
    onTestFinished(() => path.stop())
    const uuid = await cluster.applicationAt(node).create({ txjson: signIn })
    const swarm = startSwarm()
    for (let count = 0; count < 200; count++) swarm.add(uuid, { port: () => path.port })
    const bystander = swarm.add(uuid, { port: () => node.port })
    await until('the welcomes', () => swarm.allWelcomed)
    path.pause()
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
