import type { Kysely, RawBuilder, SqlBool } from 'kysely'
import type { ReadonlyKysely } from 'kysely/readonly'
import type { jsonArrayFrom } from 'kysely/helpers/sqlite'
import type { Clock, Milliseconds } from '../clock.ts'
import type { ChangeMarks } from './change-marks.ts'
import type { Schema } from './schema.ts'

/**
 * One database, SQLite or PostgreSQL; table modules are written against this and never ask which one it is.
 *
 * Whatever `write` answered is durable. There is one clock, the database's: `clock()` within a statement, `now()` of a
 * write within its transaction. (SQLite has none of its own: there it is the process's.)
 *
 * Precondition: no string given to a query contains U+0000, which PostgreSQL cannot store; the HTTP layer refuses it.
 *
 * Everything here throws `DatabaseUnavailable` when the database cannot be used just now.
 */
export interface Database {
  /** One statement or several; several may see different states. */
  read<T>(work: (db: ReadonlyKysely<Schema>) => Promise<T>): Promise<T>

  /**
   * One transaction; all of it is written, or nothing when `work` throws.
   *
   * `work` waits for nothing but its own statements (on SQLite everyone else waits with it), starts no other
   * transaction, and may run again from the start after a deadlock: beside its statements it has no effects. Reading a row
   * that is then written locks it (`dialect.rowLocks`); `now` is asked after the locks are held, since waiting for one
   * takes time.
   */
  write<T>(work: (db: Kysely<Schema>, now: () => Promise<Milliseconds>) => Promise<T>): Promise<T>

  /**
   * One transaction for `migrate`: beside it no other of its kind runs on any node, and it may take as long as it needs.
   */
  exclusively<T>(work: (db: Kysely<Schema>, now: () => Promise<Milliseconds>) => Promise<T>): Promise<T>

  /** The database's clock as SQL, to be read along with rows. */
  clock(): RawBuilder<Milliseconds>

  now(): Promise<Milliseconds>

  /** Throws unless the database answers. */
  ping(): Promise<void>

  /** What was asked for before is finished first. */
  close(): Promise<void>

  readonly dialect: DialectFacts
}

/** How the databases differ, as data. */
export interface DialectFacts {
  readonly name: 'sqlite' | 'postgres'
  /** Rows are locked one by one, `for update`; where not, a write has the database to itself. */
  readonly rowLocks: boolean
  /** The rows of a subquery as one JSON column; read it with `jsonRows`. */
  readonly jsonArrayFrom: typeof jsonArrayFrom
  readonly changeMarks: ChangeMarks
  /** Whether a text column is one of these: the same statement for any number of them. */
  readonly isOneOf: (column: string, values: readonly string[]) => RawBuilder<SqlBool>
}

/** What `jsonArrayFrom` gave: parsed by PostgreSQL's driver, text on SQLite. */
export const jsonRows = <Row>(column: Row[]): Row[] =>
  typeof column === 'string' ? (JSON.parse(column) as Row[]) : column

export interface DatabaseOptions {
  /** `sqlite:` and a path (or `:memory:`), or `postgres://…`. */
  readonly url: string
  /** Overrides the database's own clock, for tests. */
  readonly clock?: Clock
  /** Which migrations may be run: see `MigrateOptions.allowed`. Default `all`. */
  readonly migrate?: 'none' | 'additive' | 'all'
  /** How long to wait for another process that writes to the same SQLite file. Default 5 s. */
  readonly busyTimeout?: Milliseconds
  /** Connections to PostgreSQL. Default 10. */
  readonly poolSize?: number
  /** How long PostgreSQL may take for one statement, waiting for locks included. Default 10 s. */
  readonly statementTimeout?: Milliseconds
}
