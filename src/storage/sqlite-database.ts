import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { setImmediate, setTimeout } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import { Kysely, sql, SqliteDialect, type SqlBool, type SqliteDatabase, type SqliteStatement } from 'kysely'
import { jsonArrayFrom } from 'kysely/helpers/sqlite'
import type { ReadonlyKysely } from 'kysely/readonly'
import { systemClock, type Milliseconds } from '../clock.ts'
import { countedMarks } from './change-marks.ts'
import type { Database, DatabaseOptions, DialectFacts } from './database.ts'
import { DatabaseUnavailable } from '../database-unavailable.ts'
import { GroupCommit, type WriterConnection } from './group-commit.ts'
import type { Schema } from './schema.ts'

/**
 * SQLite in WAL mode: one connection writes (`group-commit.ts`), another reads beside it and sees what was committed.
 *
 * Other processes may use the same file; nobody blocks the event loop waiting for them. A database in memory has the one
 * connection only, so that its reads queue with the writes.
 */
export const openSqlite = (options: DatabaseOptions): Database => {
  const { clock = systemClock, busyTimeout = 5_000 } = options
  const path = options.url.slice('sqlite:'.length)
  if (path === '') throw new Error('The database sqlite: needs a path, such as sqlite:./data/countersign.db.')
  const inMemory = path === ':memory:'
  if (!inMemory) makePrivateFile(path)

  const writing = connect(path, busyTimeout)
  const reading = inMemory ? writing : connect(path, busyTimeout)
  const writer = kyselyOn(writing)
  const reader = kyselyOn(reading) as unknown as ReadonlyKysely<Schema>
  const group = new GroupCommit(writerConnection(writing, busyTimeout))

  const read: Database['read'] = (work) => told(inMemory ? group.run(() => work(reader)) : work(reader))
  const write: Database['write'] = (work) => told(group.run(() => work(writer, async () => clock.now())))

  return {
    dialect: sqliteFacts,
    read,
    write,
    // any write has the database to itself
    exclusively: write,
    clock: () => sql<Milliseconds>`${clock.now()}`,
    now: async () => clock.now(),
    ping: async () => {
      await read((db) => db.selectNoFrom(sql`1`.as('one')).execute())
    },
    close: async () => {
      await group.close()
      // reads under way are chains of microtasks: a turn of the event loop and they are done
      await setImmediate()
      reading.close()
      writing.close()
    },
  }
}

export const sqliteFacts: DialectFacts = {
  name: 'sqlite',
  rowLocks: false,
  jsonArrayFrom,
  changeMarks: countedMarks,
  isOneOf: (column, values) =>
    sql<SqlBool>`${sql.ref(column)} in (select value from json_each(${JSON.stringify(values)}))`,
}

/** For the owner's eyes only; what SQLite puts beside the file takes over its mode. */
const makePrivateFile = (path: string): void => {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  closeSync(openSync(path, 'a', 0o600))
}

const connect = (path: string, busyTimeout: Milliseconds): Sqlite.Database => {
  const connection = new Sqlite(path, { timeout: busyTimeout })
  connection.pragma('journal_mode = WAL')
  // an answered write survives a loss of power, not only the end of the process
  connection.pragma('synchronous = FULL')
  connection.pragma('foreign_keys = ON')
  return connection
}

/** Prepared statements are kept: preparing costs more than running most of them. */
export const kyselyOn = (connection: Sqlite.Database): Kysely<Schema> => {
  const maxStatements = 500
  const statements = new Map<string, SqliteStatement>()
  const database: SqliteDatabase = {
    close: () => connection.close(),
    prepare: (text) => {
      let statement = statements.get(text)
      if (statement === undefined) {
        if (statements.size >= maxStatements) statements.clear()
        statement = connection.prepare(text)
        statements.set(text, statement)
      }
      return statement
    },
  }
  return new Kysely({ dialect: new SqliteDialect({ database }) })
}

const writerConnection = (connection: Sqlite.Database, busyTimeout: Milliseconds): WriterConnection => {
  // from here on a lock is waited for by timer
  connection.pragma('busy_timeout = 0')
  const statement = (text: string): (() => void) => {
    const prepared = connection.prepare(text)
    return () => void prepared.run()
  }
  const beginImmediate = statement('begin immediate')
  const rollbackTo = statement('rollback to work')
  const release = statement('release work')
  return {
    begin: async () => {
      const giveUpAt = performance.now() + busyTimeout
      for (;;) {
        try {
          beginImmediate()
          return
        } catch (error) {
          if (!isBusy(error) || performance.now() >= giveUpAt) throw error
          await setTimeout(5)
        }
      }
    },
    savepoint: statement('savepoint work'),
    release,
    rollbackToSavepoint: () => {
      rollbackTo()
      release()
    },
    commit: statement('commit'),
    rollback: statement('rollback'),
    inTransaction: () => connection.inTransaction,
  }
}

export const isBusy = (error: unknown): boolean =>
  error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY')

/** Result codes that say nothing about the statement. Source: https://sqlite.org/rescode.html */
const unavailable = /^SQLITE_(BUSY|LOCKED|FULL|IOERR|CANTOPEN|READONLY|PROTOCOL)/

/** Tells faults of the database apart from faults of the statement. */
export const told = async <T>(answer: Promise<T>): Promise<T> => {
  try {
    return await answer
  } catch (error) {
    if (!(error instanceof Sqlite.SqliteError) || !unavailable.test(error.code)) throw error
    const why = isBusy(error) ? 'another process has been writing to it for too long' : error.message
    throw new DatabaseUnavailable(`The SQLite database cannot be used: ${why} (${error.code}).`, { cause: error })
  }
}
