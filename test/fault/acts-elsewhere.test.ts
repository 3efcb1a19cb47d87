import { describe, expect, it, onTestFinished } from 'vitest'
import { Cluster, metricOf } from './cluster.ts'
import { Lives } from './lives.ts'
import { Random } from './random.ts'
import { Swarm } from './swarm.ts'

const seed = Number(process.env['FAULT_SEED'] ?? Math.floor(Math.random() * 2 ** 32))
const payloads = Number(process.env['FAULT_PAYLOADS'] ?? 1_000)
const users = 12

describe.each([
  ['with Redis', true],
  ['without Redis', false],
])('subscribers on another node than the one that is acted on, %s', (name, redis) => {
  it(`are told exactly what is so, once, in order (FAULT_SEED=${seed})`, async () => {
    const random = new Random(seed)
    const cluster = await Cluster.start({ redis })
    onTestFinished(() => cluster.stop())
    const [acted, watched] = [await cluster.startNode(), await cluster.startNode()]
    const swarm = new Swarm()
    onTestFinished(() => swarm.end())

    const lives = new Lives({
      application: cluster.applicationAt(acted),
      wallets: await cluster.registerWallets(acted, users),
      random,
      watch: (uuid) => swarm.add(uuid, { port: () => watched.port, comesBackAfter: () => random.below(200) }),
    })
    await lives.live(payloads)
    await lives.expectAllTold()

    const lateness = lives.longestLateness()
    console.log(
      `${name}: ${lives.all.length} payloads, ${lives.acts} acts, ${swarm.subscribers.length} subscribers, ` +
        `the latest status after ${Math.round(lateness)} ms (FAULT_SEED=${seed})`,
    )
    expect(lateness).toBeLessThan(2_000)
    // and it was Redis that told, if there was one
    expect((await metricOf(watched, 'countersign_bus_hints_heard_total')) > 0).toBe(redis)
    for (const { process } of [acted, watched]) expect(process.said()).not.toContain('"level":50')
  })
})
