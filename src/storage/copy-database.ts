import { isDeepStrictEqual } from 'node:util'
import { sql, type Kysely } from 'kysely'
import type { ReadonlyKysely } from 'kysely/readonly'
import { copyTable, CopyDiffers, pagesOf, type AnyTables } from './copy-table.ts'
import type { Database } from './database.ts'
import { migrateWithin } from './migrate.ts'
import { migrations } from './migrations/migrations.ts'
import { openDatabase } from './open-database.ts'
import { payloadStore } from './payload-store.ts'
import type { Schema } from './schema.ts'
import { openSqliteSource } from './sqlite-source.ts'
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

/** Columns that stay behind, with the reason. In the destination they are as in a new row: null. */
export const staysBehind: { readonly [T in keyof Schema]?: readonly (keyof Schema[T])[] } = {}

/**
 * Copies a SQLite database into an empty PostgreSQL and makes sure of it: every row is read back, and every payload is
 * read from both sides as the server reads it. All in one transaction of the destination, so that after a failure there is
 * nothing in it, not even tables. Which tables there are is asked of the source itself.
 *
 * @returns how many rows each table has
 * @throws CopyRefused, DatabaseInUse, DatabaseUnavailable, DatabaseTooNew, CopyDiffers and what `check` throws
 */
export const copyDatabase = async (options: CopyOptions): Promise<Readonly<Record<string, number>>> => {
  const { database: source, tables } = openSqliteSource(options.from)
  try {
    await expectCurrent(source, tables)
    await options.check(source)
    const destination = await openDatabase({ url: options.to, migrate: 'none' })
    try {
      return await copyInto(
        source,
        tables.filter(({ name }) => name !== 'migrations').map(travelling),
        destination,
        options,
      )
    } finally {
      await destination.close()
    }
  } finally {
    await source.close()
  }
}

/** The copy has the schema of this code; so has what is copied, exactly. */
const expectCurrent = async (source: Database, tables: readonly TableShape[]): Promise<void> => {
  if (!tables.some(({ name }) => name === 'migrations')) {
    throw new CopyRefused('The source is no database of Countersign.')
  }
  const applied = await source.read((db) => db.selectFrom('migrations').select(['number', 'name']).execute())
  const due = migrations.find(({ number }) => !applied.some((row) => row.number === number))
  if (due !== undefined) {
    throw new CopyRefused(
      `The source is of an older version (it lacks ${due.name}): run "countersign migrate" on it first, after a backup.`,
    )
  }
  const unknown = applied.find((row) => !migrations.some(({ number }) => number === row.number))
  if (unknown !== undefined) {
    throw new CopyRefused(`The source is of a newer version (it has ${unknown.name}): copy it with that version.`)
  }
}

const travelling = (table: TableShape): TableShape => {
  const left: readonly string[] = staysBehind[table.name as keyof Schema] ?? []
  return { ...table, columns: table.columns.filter((column) => !left.includes(column)) }
}

const copyInto = (
  source: Database,
  tables: readonly TableShape[],
  destination: Database,
  { check, onTable }: CopyOptions,
): Promise<Record<string, number>> =>
  destination.exclusively(async (db, now) => {
    await migrateWithin(db, now)
    await expectEmpty(db as unknown as Kysely<AnyTables>, tables)
    const rows: Record<string, number> = {}
    for (const table of tables) {
      rows[table.name] = await source
        .read((from) => copyTable(from as unknown as Kysely<AnyTables>, db as unknown as Kysely<AnyTables>, table))
        .catch(tellUnstorable(table))
      onTable?.(table.name, rows[table.name]!)
    }
    const copy: Database = { ...destination, read: (work) => work(db as unknown as ReadonlyKysely<Schema>) }
    await expectSamePayloads(source, copy)
    await check(copy)
    // it has no statistics yet, and the first requests come at once
    await sql`analyze ${namesOf(tables)}`.execute(db)
    return rows
  })

/** SQLite keeps whatever it is given; where PostgreSQL does not, it would be no help to know only why. */
const tellUnstorable =
  ({ name }: TableShape) =>
  (error: unknown): never => {
    const isDataException = error instanceof Error && 'code' in error && String(error.code).startsWith('22')
    if (!isDataException) throw error
    throw new CopyRefused(`PostgreSQL cannot store a row of ${name}: ${error.message}.`, { cause: error })
  }

const namesOf = (tables: readonly TableShape[]) => sql.join(tables.map(({ name }) => sql.table(name)))

/** From here on nobody else can put anything in. */
const expectEmpty = async (db: Kysely<AnyTables>, tables: readonly TableShape[]): Promise<void> => {
  await sql`lock table ${namesOf(tables)} in exclusive mode`.execute(db)
  for (const { name } of tables) {
    if (
      (
        await db
          .selectFrom(name)
          .select(sql`1`.as('one'))
          .limit(1)
          .execute()
      ).length > 0
    ) {
      throw new CopyRefused(
        `The destination is not empty: there are rows in ${name}. Give a new database that no server was started on.`,
      )
    }
  }
}

const expectSamePayloads = async (source: Database, copy: Database): Promise<void> => {
  const [before, after] = [payloadStore(source), payloadStore(copy)]
  await source.read(async (db) => {
    const ids = { name: 'payloads', columns: ['id'], key: ['id'] }
    for await (const page of pagesOf(db as unknown as Kysely<AnyTables>, ids)) {
      await Promise.all(
        page.map(async ({ id }) => {
          const [one, other] = await Promise.all([before.find(id as string), after.find(id as string)])
          if (one === null || !isDeepStrictEqual(one.payload, other?.payload)) {
            throw new CopyDiffers(`The payload ${id as string} is not the same in the destination.`)
          }
        }),
      )
    }
  })
}
