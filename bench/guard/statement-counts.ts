import Sqlite from 'better-sqlite3'
import pg from 'pg'
import { startTestServer } from '../../src/testing.ts'
import { createVirtualWallet } from '../../src/virtual-wallet/virtual-wallet.ts'
import { createPostgres } from '../../test/postgres.ts'
import type { DatabaseKind } from '../database/prepared-database.ts'
import { payment } from '../payment.ts'

/** How many statements each step of a sign request's life sends to the database, those of its transaction included. */
export interface StatementCounts {
  readonly create: number
  readonly details: number
  readonly open: number
  /** Of a rejection, which no signature check makes longer. */
  readonly resolve: number
}

let count = 0

/** Counts every call of these methods from now on; there is no way back, so this process is for counting. */
const countCalls = (prototype: object, methods: readonly string[]): void => {
  const target = prototype as Record<string, (...args: unknown[]) => unknown>
  for (const method of methods) {
    const original = target[method]!
    target[method] = function (...args) {
      count++
      return original.apply(this, args)
    }
  }
}

const sqliteStatement = new Sqlite(':memory:').prepare('select 1')
countCalls(Object.getPrototypeOf(sqliteStatement) as object, ['run', 'get', 'all', 'iterate'])
countCalls(pg.Client.prototype, ['query'])

/** What the server does by the clock is put off until the counting is over. */
const quiet = {
  RECONCILE_SECONDS: '60',
  WEBHOOK_INTERVAL_SECONDS: '60',
  PENDING_CHECK_SECONDS: '60',
  FOLLOW_SECONDS: '60',
}
const repetitions = 5

/** The least of some repetitions: only chance adds to it. */
export const countStatements = async (kind: DatabaseKind): Promise<StatementCounts> => {
  const database = kind === 'PostgreSQL' ? await createPostgres() : null
  const environment = {
    ...quiet,
    ...(database === null ? {} : { DATABASE_URL: database.url, COUNTERSIGN_SECRET_KEY: 'b'.repeat(64) }),
  }
  const server = await startTestServer({ environment })
  const { apiKey, apiSecret } = await server.createApplication()
  const wallet = await createVirtualWallet({ server: server.url, push: false })
  const headers = { 'content-type': 'application/json', 'x-api-key': apiKey, 'x-api-secret': apiSecret }
  const url = `${server.url}/api/v1/platform/payload`
  const counts: StatementCounts[] = []
  const counted = async (work: () => Promise<unknown>): Promise<number> => {
    const before = count
    await work()
    return count - before
  }
  for (let n = 0; n < repetitions; n++) {
    let uuid = ''
    const create = async (): Promise<void> => {
      const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(payment) })
      uuid = ((await answer.json()) as { uuid: string }).uuid
    }
    counts.push({
      create: await counted(create),
      details: await counted(async () => (await fetch(`${url}/${uuid}`, { headers })).text()),
      open: await counted(() => wallet.open(uuid)),
      resolve: await counted(() => wallet.client.patchPayload(uuid, { reject: true, reject_initiator: 'USER' })),
    })
  }
  wallet.close()
  await server.close()
  await database?.drop()
  const least = (key: keyof StatementCounts): number => Math.min(...counts.map((one) => one[key]))
  return { create: least('create'), details: least('details'), open: least('open'), resolve: least('resolve') }
}
