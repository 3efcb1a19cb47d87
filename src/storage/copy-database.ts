import { sql } from 'kysely'
import type { ReadonlyKysely } from 'kysely/readonly'
import { expectSamePayloads, expectSameTable } from './check-copy.ts'
import { anyTables, copyTable, type AnyTables } from './copy-table.ts'
import type { Database } from './database.ts'
import { migrateWithin } from './migrate.ts'
import { migrations } from './migrations/migrations.ts'
import { openDatabase } from './open-database.ts'
import type { Schema } from './schema.ts'
import { openSqliteSource, type SqliteSource } from './sqlite-source.ts'
import type { TableShape } from './table-shape.ts'

/** The source or the destination is not as it must be; nothing was done. */
export class CopyRefused extends Error {
  override readonly name = 'CopyRefused'
}

export interface CopyOptions {
  /** Path of a SQLite database that no other process has open. */
  readonly from: string
  /** `postgres://…`; a database without rows. */
  readonly to: string
  /** Asked of the source before anything is done, and of the copy before it is committed; throws what is wrong. */
  readonly check: (database: Database) => Promise<void>
  /** Told whenever a table is done. */
  readonly onTable?: (name: string, rows: number) => void
}

/** Rows of each table. */
export type CopiedRows = Readonly<Record<string, number>>

/** Columns that stay behind, each with the reason. In the copy they are null. */
export const staysBehind: { readonly [T in keyof Schema]?: readonly (keyof Schema[T])[] } = {
  // a mark means something to the database that made it, and nobody has sockets on the copy yet (`change-marks.ts`)
  payloads: ['changed_in'],
}

/**
 * Copies a SQLite database into an empty PostgreSQL and makes sure of it: every row is read back, and every payload is
 * read from both sides as the server reads it. All in one transaction of the destination, so that after a failure there is
 * nothing in it, not even tables. Which tables there are is asked of the source itself.
 *
 * @throws CopyRefused, CopyDiffers, DatabaseInUse, DatabaseUnavailable, DatabaseTooNew, and what `check` throws
 */
export const copyDatabase = async (options: CopyOptions): Promise<CopiedRows> => {
  const source = openSqliteSource(options.from)
  try {
    await expectCurrent(source)
    await options.check(source.database)
    const destination = await openDatabase({ url: options.to, migrate: 'none' })
    try {
      return await copyInto(source, destination, options)
    } finally {
      await destination.close()
    }
  } finally {
    await source.database.close()
  }
}

/** The copy has the schema of this code; so must have what is copied, exactly. */
const expectCurrent = async ({ database, tables }: SqliteSource): Promise<void> => {
  if (!tables.some(({ name }) => name === 'migrations')) {
    throw new CopyRefused('The source is no database of Countersign.')
  }
  const applied = await database.read((db) => db.selectFrom('migrations').select(['number', 'name']).execute())
  const due = migrations.find(({ number }) => !applied.some((row) => row.number === number))
  if (due !== undefined) {
    throw new CopyRefused(
      `The source is of an older version (it lacks ${due.name}): make a backup, run "countersign migrate" on it, and copy it then.`,
    )
  }
  const unknown = applied.find((row) => !migrations.some(({ number }) => number === row.number))
  if (unknown !== undefined) {
    throw new CopyRefused(`The source is of a newer version (it has ${unknown.name}): copy it with that version.`)
  }
}

const copyInto = (
  { database: source, tables: all }: SqliteSource,
  destination: Database,
  { check, onTable }: CopyOptions,
): Promise<CopiedRows> =>
  destination.exclusively(async (db, now) => {
    // what the copy has had is recorded as it is migrated
    const tables = all.filter(({ name }) => name !== 'migrations').map(travelling)
    const to = anyTables(db)
    await migrateWithin(db, now)
    await expectEmpty(to, tables)
    const rows: Record<string, number> = {}
    for (const table of tables) {
      rows[table.name] = await source.read((from) => copyTable(anyTables(from), to, table)).catch(tellUnstorable(table))
      onTable?.(table.name, rows[table.name]!)
    }
    // autovacuum would come too late for what reads it next
    await sql`analyze ${namesOf(tables)}`.execute(db)
    for (const table of tables) await source.read((from) => expectSameTable(anyTables(from), to, table))
    const copy: Database = { ...destination, read: (work) => work(db as unknown as ReadonlyKysely<Schema>) }
    await expectSamePayloads(source, copy)
    await check(copy)
    return rows
  })

const travelling = (table: TableShape): TableShape => {
  const left: readonly string[] = staysBehind[table.name as keyof Schema] ?? []
  return { ...table, columns: table.columns.filter((column) => !left.includes(column)) }
}

/** From here on nobody else can put anything in. */
const expectEmpty = async (db: AnyTables, tables: readonly TableShape[]): Promise<void> => {
  await sql`lock table ${namesOf(tables)} in exclusive mode`.execute(db)
  for (const { name } of tables) {
    const rows = await db
      .selectFrom(name)
      .select(sql`1`.as('one'))
      .limit(1)
      .execute()
    if (rows.length > 0) {
      throw new CopyRefused(
        `The destination is not empty: there are rows in ${name}. Give a new database that no server was started on.`,
      )
    }
  }
}

const namesOf = (tables: readonly TableShape[]) => sql.join(tables.map(({ name }) => sql.table(name)))

/** SQLite keeps whatever it is given. Where PostgreSQL does not, the reason alone would be no help. */
const tellUnstorable =
  ({ name }: TableShape) =>
  (error: unknown): never => {
    const isDataException = error instanceof Error && 'code' in error && String(error.code).startsWith('22')
    if (!isDataException) throw error
    throw new CopyRefused(`PostgreSQL cannot store a row of ${name}: ${error.message}.`, { cause: error })
  }
