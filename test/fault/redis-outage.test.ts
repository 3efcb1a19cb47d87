import { setTimeout } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { until } from '../until.ts'
import { Cluster } from './cluster.ts'
import { Lives } from './lives.ts'
import { Random } from './random.ts'
import { Swarm } from './swarm.ts'

const seed = Number(process.env['FAULT_SEED'] ?? Math.floor(Math.random() * 2 ** 32))
const payloads = Number(process.env['FAULT_PAYLOADS'] ?? 1_000)
const users = 12
const away = 10_000

it(`misses nothing and tells nothing twice while Redis is killed and comes back (FAULT_SEED=${seed})`, async () => {
  const random = new Random(seed)
  const cluster = await Cluster.start({ redis: true })
  onTestFinished(() => cluster.stop())
  const redis = cluster.redis!
  const [acted, watched] = [await cluster.startNode(), await cluster.startNode()]
  const swarm = new Swarm()
  onTestFinished(() => swarm.end())
  const lives = new Lives({
    application: cluster.applicationAt(acted),
    wallets: await cluster.registerWallets(acted, users),
    random,
    watch: (uuid) => swarm.add(uuid, { port: () => watched.port, comesBackAfter: () => random.below(200) }),
    // so that all of it takes about three times as long as Redis is away
    pace: 75,
  })

  const living = lives.live(payloads)
  await Promise.race([living, until('a third of them', () => lives.all.length > payloads / 3, 60_000)])
  await redis.kill()
  const killedAt = performance.now()
  const actsBefore = lives.acts
  await Promise.race([setTimeout(away), living])
  const actsWhileAway = lives.acts - actsBefore
  const left = payloads - lives.all.length
  await redis.start()
  const backAt = performance.now()
  await living
  await lives.expectAllTold()

  expect(left).toBeGreaterThan(0)
  const latenessWhileAway = lives.longestLateness((at) => at >= killedAt - 100 && at <= backAt)
  const lateness = lives.longestLateness()
  console.log(
    `${lives.all.length} payloads, ${swarm.subscribers.length} subscribers; Redis away for ${Math.round(backAt - killedAt)} ms ` +
      `and ${actsWhileAway} acts: the latest status after ${Math.round(latenessWhileAway)} ms, ` +
      `before and after it ${Math.round(lateness)} ms (FAULT_SEED=${seed})`,
  )
  expect(actsWhileAway).toBeGreaterThan(100)
  expect(latenessWhileAway).toBeLessThan(2_000)
  expect(lateness).toBeLessThan(2_000)
})
