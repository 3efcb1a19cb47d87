import Sqlite from 'better-sqlite3'
import { sql } from 'kysely'
import type { ReadonlyKysely } from 'kysely/readonly'
import { systemClock, type Milliseconds } from '../clock.ts'
import type { Database } from './database.ts'
import type { Schema } from './schema.ts'
import { isBusy, kyselyOn, sqliteFacts, told } from './sqlite-database.ts'
import { readTableShapes, type TableShape } from './table-shape.ts'

/** A SQLite database that is read and not changed, and that nobody else can open meanwhile. */
export interface SqliteSource {
  /** Its writes are refused. */
  readonly database: Database
  readonly tables: readonly TableShape[]
}

/** Another process has the file open: most likely a server. */
export class DatabaseInUse extends Error {
  override readonly name = 'DatabaseInUse'
}

/**
 * In WAL mode everyone who has the file open holds a shared lock on it, so that the exclusive one, kept until the end,
 * tells whether there is anyone, and keeps everyone out. (What a server left that was killed is moved from its -wal file
 * into the database, as by any start: the same content.)
 * Source: https://sqlite.org/wal.html, "Use of WAL Without Shared-Memory"
 *
 * @throws DatabaseInUse, Error where there is no such file or it is no database
 */
export const openSqliteSource = (path: string): SqliteSource => {
  const connection = openExclusively(path)
  connection.pragma('query_only = on')
  const reader = kyselyOn(connection) as unknown as ReadonlyKysely<Schema>
  const refuse = () => Promise.reject(new Error('A source is only read.'))
  const database: Database = {
    dialect: sqliteFacts,
    read: (work) => told(work(reader)),
    write: refuse,
    exclusively: refuse,
    clock: () => sql<Milliseconds>`${systemClock.now()}`,
    now: async () => systemClock.now(),
    ping: async () => undefined,
    close: async () => void connection.close(),
  }
  return { database, tables: readTableShapes(connection) }
}

const openExclusively = (path: string): Sqlite.Database => {
  const connection = openExisting(path)
  try {
    connection.pragma('locking_mode = exclusive')
    connection.exec('begin exclusive; rollback')
    return connection
  } catch (error) {
    connection.close()
    if (isBusy(error)) {
      throw new DatabaseInUse(`${path} is in use: stop the server on it, and whatever else has it open, first.`)
    }
    throw error
  }
}

const openExisting = (path: string): Sqlite.Database => {
  try {
    return new Sqlite(path, { fileMustExist: true, timeout: 0 })
  } catch (error) {
    throw new Error(`There is no SQLite database at ${path}.`, { cause: error })
  }
}
