import { setTimeout } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { signIn } from '../application-client.ts'
import { until } from '../until.ts'
import { Cluster, readinessOf } from './cluster.ts'
import { Lives } from './lives.ts'
import { Random } from './random.ts'
import { Swarm } from './swarm.ts'
import { patient, saysUnavailable } from './unavailable.ts'

const seed = Number(process.env['FAULT_SEED'] ?? Math.floor(Math.random() * 2 ** 32))
const payloads = 250
const users = 8
const away = 5_000
const steady = 100

describe.each([['fast'], ['immediate']] as const)('PostgreSQL stopped for five seconds (%s)', (how) => {
  it(`costs a clear 503 meanwhile, and neither a socket nor a status nor a restart (FAULT_SEED=${seed})`, async () => {
    const random = new Random(seed)
    const cluster = await Cluster.start({ redis: true })
    onTestFinished(() => cluster.stop())
    const nodes = [await cluster.startNode(), await cluster.startNode()] as const
    const [acted, watched] = nodes
    const application = cluster.applicationAt(acted)
    const swarm = new Swarm()
    onTestFinished(() => swarm.end())
    const failures = patient()
    const lives = new Lives({
      application,
      wallets: await cluster.registerWallets(acted, users),
      random,
      watch: (uuid) => swarm.add(uuid, { port: () => watched.port, comesBackAfter: () => 100 + random.below(200) }),
      pace: 75,
      askAgain: failures.askAgain,
    })
    // those who only watch, on both nodes
    const sitters = new Swarm()
    onTestFinished(() => sitters.end())
    for (let index = 0; index < steady; index++) {
      sitters.add(await application.create({ txjson: signIn }), { port: () => nodes[index % 2]!.port })
    }
    await until('the welcomes', () => sitters.allWelcomed)

    const living = lives.live(payloads)
    await Promise.race([living, until('a third of them', () => lives.all.length > payloads / 3, 60_000)])
    await cluster.postgres.stop(how)
    const stoppedAt = performance.now()
    // asked of both nodes, one request after the other
    let longest = 0
    let asked = 0
    const answers: unknown[] = []
    while (performance.now() < stoppedAt + away) {
      for (const node of nodes) {
        const began = performance.now()
        answers.push(await cluster.applicationAt(node).call('POST', 'payload', { txjson: signIn }))
        longest = Math.max(longest, performance.now() - began)
        asked++
        expect(await readinessOf(node)).toMatchObject({ ready: false, database: false })
      }
      await setTimeout(100)
    }
    await cluster.postgres.start()
    const backAt = performance.now()
    for (const node of nodes) await until('readiness', async () => (await readinessOf(node)).ready)
    const ready = performance.now() - backAt
    await living
    await lives.expectAllTold()

    expect(answers.filter((answer) => !saysUnavailable(answer))).toEqual([])
    expect(failures.answers).toBeGreaterThan(0)
    for (const { connections } of sitters.subscribers) expect(connections).toMatchObject([{ code: null }])
    console.log(
      `${how}: away for ${Math.round(backAt - stoppedAt)} ms; ${asked + failures.answers} requests were answered 503, ` +
        `the slowest of ${asked} after ${Math.round(longest)} ms; ${steady} sockets stayed open; ` +
        `ready ${Math.round(ready)} ms after it was back; ${lives.all.length} payloads told (FAULT_SEED=${seed})`,
    )
    expect(longest).toBeLessThan(6_000)
  })
})
