import { join } from 'node:path'
import type { Bench, Measurement } from '../bench.ts'
import { withDatabase, type PreparedDatabase } from '../database/prepared-database.ts'
import { atLeastOfFloor } from '../figures.ts'
import type { Load } from '../load/load.ts'
import { payment } from '../payment.ts'
import { countersign } from '../servers/countersign.ts'
import { floor } from '../servers/floors.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const connections = 32
const warmUpSeconds = 2

/** The create request of an SDK, and of a floor the same to its one route. */
const createPlan = (isOurs: boolean, { credentials }: PreparedDatabase) =>
  ({
    by: 'anyone',
    method: 'POST',
    path: isOurs ? '/api/v1/platform/payload' : '/payload',
    headers: credentials,
    body: payment,
  }) as const

const measureCreates = async (bench: Bench, load: Load, port: number, plan: ReturnType<typeof createPlan>) => {
  await load.run('requests', { port, plan, connections, seconds: warmUpSeconds })
  const request = { port, plan, connections, seconds: bench.size('seconds', 2, 8) }
  const { perSecond: rate, times } = await load.measure('requests', request)
  return { rate, p50: times.p50, p99: times.p99 }
}

const definitionsOf = (what: string, timesFloor: number) => ({
  rate: { what: `${what}, ${connections} connections`, unit: 'per s', goal: atLeastOfFloor(timesFloor) },
  p50: { what: '  one, p50', unit: 'ms' },
  p99: { what: '  one, p99', unit: 'ms' },
})

export const createsSqlite: Measurement = {
  about: 'creates per second on SQLite, each durable before it is answered',
  run: (bench) =>
    withDatabase('SQLite', async (database) => {
      const ours = countersign(() => database.environment, { args: bench.options.serve })
      const oneInsert = floor('fastify, one insert', 'sqlite.ts', { DATABASE: join(temporaryFolder(), 'floor.db') })
      return bench.compare([ours, oneInsert], definitionsOf('creates on SQLite', 1), (subject) =>
        bench.onServer(subject, (server, load) =>
          measureCreates(bench, load, server.port, createPlan(subject === ours, database)),
        ),
      )
    }),
}

export const createsPostgres: Measurement = {
  about: 'creates and details per second on PostgreSQL',
  run: (bench) =>
    withDatabase('PostgreSQL', async (database) => {
      const payloads = 10_000
      await database.addUnopened(0, payloads)
      const ours = countersign(() => database.environment, { args: bench.options.serve })
      const oneStatement = floor('fastify, one statement', 'postgres.ts', { DATABASE: database.url })
      const details = definitionsOf('details on PostgreSQL', 0.8)
      const definitions = {
        ...definitionsOf('creates on PostgreSQL', 0.8),
        detailsRate: details.rate,
        detailsP50: details.p50,
        detailsP99: details.p99,
      }
      return bench.compare([ours, oneStatement], definitions, (subject) =>
        bench.onServer(subject, async (server, load) => {
          const { port } = server
          const creates = await measureCreates(bench, load, port, createPlan(subject === ours, database))
          const headers = database.credentials
          const path = subject === ours ? '/api/v1/platform/payload/{id}' : '/payload/{id}'
          const plan = { by: 'anyone', method: 'GET', path, headers } as const
          const count = bench.size('payloads', 2_000, payloads)
          await load.run('requests', { port, plan, connections, count: count / 4 })
          const { perSecond: detailsRate, times } = await load.measure('requests', { port, plan, connections, count })
          return { ...creates, detailsRate, detailsP50: times.p50, detailsP99: times.p99 }
        }),
      )
    }),
}
