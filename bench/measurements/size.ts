import { randomUUID } from 'node:crypto'
import type { Bench, Measurement } from '../bench.ts'
import { beside } from '../database/applications.ts'
import {
  adminToken,
  Numbers,
  prepareDatabase,
  type DatabaseKind,
  type PreparedDatabase,
} from '../database/prepared-database.ts'
import { atLeastOfFloor, atMostOfFloor, median, type Figure } from '../figures.ts'
import type { Load } from '../load/load.ts'
import type { Plan } from '../load/requests.ts'
import { payment } from '../payment.ts'
import { countersign } from '../servers/countersign.ts'
import type { RunningServer, Subject } from '../servers/subject.ts'

/** Of the payloads there are, how many were signed and told to a webhook; nobody opened the others. */
const share = 0.8
/** Requests of each kind, one after the other. */
const samples = 300
const wallets = 8
const claims = 30

const definitions = (kind: DatabaseKind, payloads: number) => {
  const beside = `${kind}, ${payloads.toLocaleString('en')} payloads against none`
  const p50 = (what: string) => ({ what: `${what}, p50, ${beside}`, unit: 'ms', goal: atMostOfFloor(1.3) })
  return {
    creates: { what: `creates, 32 connections, ${beside}`, unit: 'per s', goal: atLeastOfFloor(1 / 1.3) },
    create: p50('create'),
    details: p50('details'),
    open: p50('open'),
    resolve: p50('resolve'),
    pending: p50("a wallet's pending requests"),
    deliveries: p50('list of webhooks'),
    failed: p50('list of failed webhooks'),
    claim: p50('claim of due webhooks'),
  }
}

/** The same server on two databases of the same kind: one has room, the other is full of history. */
const size = async (bench: Bench, kind: DatabaseKind): Promise<Figure[]> => {
  const payloads = bench.size('payloads', 50_000, 5_000_000)
  const delivered = Math.round(payloads * share)
  const [full, empty] = [await prepareDatabase(kind), await prepareDatabase(kind)]
  try {
    console.error(`making ${payloads} payloads`)
    await full.addDelivered(1, delivered)
    await full.addUnopened(1 + delivered, payloads - delivered)
    const subjectOf = (database: PreparedDatabase, name: string, role: Subject['role']): Subject => ({
      ...countersign(() => database.environment, { name, args: bench.options.serve }),
      role,
    })
    const ours = subjectOf(full, 'countersign, full', 'ours')
    const floor = subjectOf(empty, 'countersign, empty', 'floor')
    const numbers = new Numbers(1 + payloads)
    return await bench.compare([ours, floor], definitions(kind, payloads), async (subject) => {
      const database = subject === ours ? full : empty
      const from = numbers.take(2 * samples)
      await database.addUnopened(from, 2 * samples)
      const claim = await timeClaims(database, from)
      const answer = await bench.onServer(subject, (server, load) =>
        measureRequests(bench, database, server, load, from),
      )
      return { ...answer, claim }
    })
  } finally {
    await full.drop()
    await empty.drop()
  }
}

const measureRequests = async (
  bench: Bench,
  { credentials }: PreparedDatabase,
  { port, url }: RunningServer,
  load: Load,
  from: number,
) => {
  await load.run('registerWallets', { url, count: wallets })
  const p50Of = async (plan: Plan): Promise<number> => {
    const request = { port, plan, connections: 1, count: samples }
    await load.run('requests', { ...request, from: from + samples })
    return (await load.measure('requests', { ...request, from })).times.p50
  }
  const ofApplication = { by: 'anyone', headers: credentials } as const
  const create = { ...ofApplication, method: 'POST', path: '/api/v1/platform/payload', body: payment } as const
  const details = { ...ofApplication, method: 'GET', path: '/api/v1/platform/payload/{id}' } as const
  const ofOperator = { by: 'anyone', method: 'GET', headers: { Authorization: `Bearer ${adminToken}` } } as const
  const deliveries = '/api/v1/admin/deliveries?limit=50'
  return {
    create: await p50Of(create),
    details: await p50Of(details),
    open: await p50Of({ by: 'wallets', act: 'open' }),
    resolve: await p50Of({ by: 'wallets', act: 'resolve' }),
    pending: await p50Of({ by: 'wallets', act: 'list' }),
    deliveries: await p50Of({ ...ofOperator, path: deliveries }),
    failed: await p50Of({ ...ofOperator, path: `${deliveries}&state=failed` }),
    creates: (
      await load.measure('requests', { port, plan: create, connections: 32, seconds: bench.options.small ? 2 : 8 })
    ).perSecond,
  }
}

/** What the deliverer does while no server runs: finds who is owed, claims twenty, and records that they arrived. */
const timeClaims = (database: PreparedDatabase, from: number): Promise<number> =>
  beside(database, async ({ addApplication, owe, deliveries }) => {
    const webhookUrl = 'http://127.0.0.1:9/'
    const { id } = await addApplication(webhookUrl)
    await owe({ id, webhookUrl }, from, claims * 20)
    const times: number[] = []
    for (let n = 0; n < claims; n++) {
      const begin = performance.now()
      const claim = randomUUID()
      const [due] = await deliveries.listDueApplications()
      const claimed = await deliveries.claim(due!.applicationId, 20, claim, 30_000)
      times.push(performance.now() - begin)
      for (const { id: deliveryId, attempts } of claimed) {
        const told = { status: 200, outcome: 'answered 200', succeeded: true, response: '' }
        const attempt = {
          deliveryId,
          number: attempts + 1,
          trigger: 'scheduled',
          startedAt: 0,
          duration: 1,
          ...told,
        } as const
        await deliveries.record(claim, attempt, { state: 'delivered' })
      }
    }
    return median(times)
  })

export const sizeSqlite: Measurement = {
  about: 'a database of 5,000,000 payloads against an empty one, SQLite',
  run: (bench) => size(bench, 'SQLite'),
}

export const sizePostgres: Measurement = {
  about: 'the same on PostgreSQL',
  run: (bench) => size(bench, 'PostgreSQL'),
}
