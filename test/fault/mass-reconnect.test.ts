import { setTimeout } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { signIn } from '../application-client.ts'
import { until } from '../until.ts'
import { Cluster, metricOf } from './cluster.ts'
import { wrongWith, type FactKey, type Truth } from './facts-told.ts'
import { Random } from './random.ts'
import { Swarm } from './swarm.ts'

const seed = Number(process.env['FAULT_SEED'] ?? Math.floor(Math.random() * 2 ** 32))
const sockets = Number(process.env['FAULT_SOCKETS'] ?? 10_000)
const users = 8
/** Connecting for the first time, at once. */
const batch = 500
/** Over which they come back. */
const spread = 3_000

it(`has ${sockets} sockets back with their state after all are dropped at once (FAULT_SEED=${seed})`, async () => {
  const random = new Random(seed)
  const cluster = await Cluster.start({ redis: true })
  onTestFinished(() => cluster.stop())
  const nodes = [await cluster.startNode(), await cluster.startNode()] as const
  const applications = nodes.map((node) => cluster.applicationAt(node))
  const wallets = (await Promise.all(nodes.map((node) => cluster.registerWallets(node, users / 2)))).flat()
  const swarm = new Swarm()
  onTestFinished(() => swarm.end())

  /** What is so of each payload, in the order of the swarm. */
  const known: { readonly uuid: string; facts: FactKey[]; signed: boolean }[] = []
  const inParallel = async (count: number, work: (user: number) => Promise<void>): Promise<void> => {
    let begun = 0
    const one = async (_: unknown, user: number): Promise<void> => {
      while (begun++ < count) await work(user)
    }
    await Promise.all(Array.from({ length: users }, one))
  }
  await inParallel(sockets, async (user) => {
    const uuid = await applications[user % 2]!.create({ txjson: signIn })
    known.push({ uuid, facts: [], signed: false })
  })
  /** Some act on payloads that nobody acted on before. */
  const act = (from: number, to: number): Promise<void> => {
    let next = from
    return inParallel(to - from, async (user) => {
      const payload = known[next++]!
      const { client, signatures } = wallets[user]!
      const what = random.below(3)
      if (what === 0) {
        await client.fetchPayload(payload.uuid)
        payload.facts = ['opened']
        return
      }
      const patch = what === 1 ? { reject: true } : signatures.signIn
      await client.patchPayload(payload.uuid, { ...patch, origintype: 'QR' })
      payload.facts = ['opened', 'signed']
      payload.signed = what === 2
    })
  }
  const txid = wallets.map(({ signatures }) => signatures.signIn.tx_id)
  expect(new Set(txid).size).toBe(users)

  const before = Math.floor(sockets / 20)
  await act(0, before)
  // everyone comes back to the other node, which knows nothing of their payloads: the most that it can cost
  let swapped = 0
  for (const [index, { uuid }] of known.entries()) {
    swarm.add(uuid, {
      port: () => nodes[(index + swapped) % 2]!.port,
      comesBackAfter: () => 500 + random.below(spread),
    })
    if (index % batch === batch - 1) await until('a batch to be welcomed', () => swarm.allWelcomed)
  }
  await until('all to be welcomed', () => swarm.allWelcomed)

  const readings = async () => {
    let [reads, topics] = [0, 0]
    for (const node of nodes) {
      reads += await metricOf(node, 'countersign_live_reads_total')
      topics += await metricOf(node, 'countersign_live_topics')
    }
    return { reads, topics }
  }
  const transactions = async (): Promise<number> => {
    const { rows } = await cluster.postgres.query('select sum(xact_commit)::int as count from pg_stat_database')
    return rows[0].count
  }
  const [readsBefore, transactionsBefore] = [(await readings()).reads, await transactions()]
  swapped = 1
  swarm.drop()
  const droppedAt = performance.now()
  await act(before, 2 * before)
  const actsMeanwhile = before
  const back = () => swarm.subscribers.every(({ welcomed, connections }) => welcomed && connections.length >= 2)
  await until(() => `all to be back: ${swarm.welcomed} of ${sockets} are`, back, 60_000)
  const backAfter = performance.now() - droppedAt
  const reads = (await readings()).reads - readsBefore
  const statements = (await transactions()) - transactionsBefore

  const wrong = () =>
    swarm.subscribers.flatMap((subscriber, index) => {
      const { facts, signed } = known[index]!
      const resolved = subscriber.messages.find((message) => 'signed' in message)
      const told = resolved?.['txid'] as string
      const truth: Truth = { facts, expired: false, txid: signed && txid.includes(told) ? told : null, fetches: 0 }
      return wrongWith(subscriber, truth)
    })
  await until(
    () => wrong().slice(0, 10).join('\n'),
    () => wrong().length === 0,
    5_000,
  )
  await setTimeout(2_500)
  expect(wrong()).toEqual([])
  const tries = swarm.subscribers.reduce((sum, { connections }) => sum + connections.length - 1, 0)
  console.log(
    `${sockets} sockets of as many payloads dropped at once, back within ${Math.round(backAfter)} ms in ${tries} tries, ` +
      `all on the other node: ${reads} reads of the database by the live side; beside ${actsMeanwhile} acts ` +
      `${statements} transactions in all (FAULT_SEED=${seed})`,
  )
  // what a node makes at most: see live/facts-reader.ts
  expect(reads).toBeLessThanOrEqual(nodes.length * (200 + 100 * Math.ceil(backAfter / 1000)))
})
