import { Socket } from 'node:net'
import { Kysely, PostgresDialect, sql, type SqlBool } from 'kysely'
import { jsonArrayFrom } from 'kysely/helpers/postgres'
import type { ReadonlyKysely } from 'kysely/readonly'
import pg from 'pg'
import type { Milliseconds } from '../clock.ts'
import { transactionMarks } from './change-marks.ts'
import type { Database, DatabaseOptions } from './database.ts'
import { DatabaseUnavailable } from '../database-unavailable.ts'
import type { Schema } from './schema.ts'

/** How often a transaction runs at most that the database chose to end in favour of another. */
const maxAttempts = 5

/** PostgreSQL: a pool of connections, transactions at READ COMMITTED with row locks. */
export const openPostgres = (options: DatabaseOptions): Database => {
  const { clock, statementTimeout = 10_000, poolSize = 10 } = options
  const pool = openPool({
    connectionString: options.url,
    max: poolSize,
    statement_timeout: statementTimeout,
    stream: () => socketThatTires(statementTimeout * 1.5),
  })
  const db = kyselyOn(pool)

  const databaseClock = () =>
    clock === undefined
      ? sql<Milliseconds>`floor(extract(epoch from clock_timestamp()) * 1000)::bigint`
      : sql<Milliseconds>`${clock.now()}::bigint`
  const readClock = async (connection: Kysely<Schema>): Promise<Milliseconds> =>
    clock?.now() ?? (await connection.selectNoFrom(databaseClock().as('now')).executeTakeFirstOrThrow()).now

  return {
    dialect: {
      name: 'postgres',
      rowLocks: true,
      jsonArrayFrom,
      changeMarks: transactionMarks,
      isOneOf: (column, values) => sql<SqlBool>`${sql.ref(column)} = any(${values}::text[])`,
    },
    read: (work) => told(() => work(db as unknown as ReadonlyKysely<Schema>)),
    write: (work) => told(() => transaction(db, (trx) => work(trx, () => readClock(trx)))),
    exclusively: (work) =>
      told(async () => {
        const patient = kyselyOn(openPool({ connectionString: options.url, max: 1 }))
        try {
          return await transaction(patient, async (trx) => {
            await sql`select pg_advisory_xact_lock(${migrationLock})`.execute(trx)
            return work(trx, () => readClock(trx))
          })
        } finally {
          await patient.destroy()
        }
      }),
    clock: databaseClock,
    now: () => told(() => readClock(db)),
    ping: async () => {
      await told(() => sql`select 1`.execute(db))
    },
    close: async () => {
      await db.destroy()
      // Kysely ends only a pool it has used
      if (!pool.ending) await pool.end()
    },
  }
}

/** Any constant does, as long as every version of the code takes the same one: the ASCII of "csign". */
const migrationLock = 0x63_73_69_67_6e

const openPool = (configuration: pg.PoolConfig): pg.Pool => {
  const pool = new pg.Pool({
    ...configuration,
    application_name: 'countersign',
    keepAlive: true,
    connectionTimeoutMillis: 5_000,
    // a process that was stopped between two statements does not hold its locks for longer
    idle_in_transaction_session_timeout: 5_000,
    types: numbersForInt8(),
  })
  // a lost connection is told by the statement that meets it, and one lost while idle is replaced; neither is a fault
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

const kyselyOn = (pool: pg.Pool): Kysely<Schema> => new Kysely({ dialect: new PostgresDialect({ pool }) })

/**
 * A server that is gone without a word (its machine, or the way to it) is found out by its silence: it would have answered
 * or refused within the statement timeout. Connections at rest are given up by the pool before that.
 */
const socketThatTires = (silence: Milliseconds): Socket => {
  const socket = new Socket()
  const gone = Object.assign(new Error('the server has been silent for too long'), { code: 'ETIMEDOUT' })
  return socket.setTimeout(silence, () => socket.destroy(gone))
}

const transaction = async <T>(db: Kysely<Schema>, work: (trx: Kysely<Schema>) => Promise<T>): Promise<T> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction().setIsolationLevel('read committed').execute(work)
    } catch (error) {
      if (attempt >= maxAttempts || !retryable.has(codeOf(error))) throw error
    }
  }
}

const int8 = 20

/** Times and counters are below 2^53; as numbers they are what SQLite gives. */
const numbersForInt8 = (): pg.TypeOverrides => {
  const types = new pg.TypeOverrides()
  types.setTypeParser(int8, Number)
  return types
}

const serializationFailure = '40001'
const deadlockDetected = '40P01'
const retryable: ReadonlySet<string> = new Set([serializationFailure, deadlockDetected])

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

/**
 * SQLSTATEs that say nothing about the statement: connection (08), lost race (40), resources (53), shut down or timed out
 * (57), idle in a transaction for too long (25P03), a standby after a failover (25006).
 * Source: https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const unavailableStates = /^(08|40|53|57)...$|^25P03$|^25006$/
const networkFaults = /^E(CONN[A-Z]+|PIPE|TIMEDOUT|HOSTUNREACH|NETUNREACH|NOTFOUND|AI_AGAIN|HOSTDOWN)$/
/** What the driver says without a code. Source: pg, lib/client.js; pg-pool, index.js. */
const driverFaults =
  /^Connection terminated|^timeout (exceeded when trying to connect|expired)|not queryable|^This socket has been ended/

const told = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    const code = codeOf(error)
    const message = error instanceof Error ? error.message : ''
    if (!unavailableStates.test(code) && !networkFaults.test(code) && !driverFaults.test(message)) throw error
    throw new DatabaseUnavailable(`PostgreSQL cannot be used: ${message || code}.`, { cause: error })
  }
}
