import type { Kysely } from 'kysely'
import type { ReadonlyKysely } from 'kysely/readonly'
import type { Database } from './database.ts'
import type { Migration } from './migrations/migration.ts'
import { migrations } from './migrations/migrations.ts'
import { flag, type MigrationTable, type Schema } from './schema.ts'

/** The schema was made by a newer version of this program, in a way that this one cannot work with. */
export class DatabaseTooNew extends Error {
  override readonly name = 'DatabaseTooNew'
}

/**
 * Brings the schema up to date: what this code knows and the database has not had is run, in order, all of it or nothing.
 * Of several nodes that start at once one does it and the others wait.
 *
 * A database that had migrations this code does not know was used by a newer version: no fault while these only added
 * (nodes of both versions run side by side during an upgrade), else `DatabaseTooNew`.
 *
 * @returns the names of the migrations that were run
 */
export const migrate = async (database: Database, known: readonly Migration[] = migrations): Promise<string[]> => {
  // an up-to-date schema takes no lock and no right to change it; without the table everything is due
  const before = await database.read(readApplied).catch(() => [])
  if (due(known, before).length === 0) return []

  return database.exclusively(async (db, now) => {
    await createMigrationTable(db)
    const migrating = due(known, await readApplied(db))
    for (const { number, name, additive, up } of migrating) {
      await up(db)
      const row = { number, name, additive: flag(additive), applied_at: await now() }
      await db.insertInto('migrations').values(row).execute()
    }
    return migrating.map((migration) => migration.name)
  })
}

type Applied = Omit<MigrationTable, 'applied_at'>

const due = (known: readonly Migration[], applied: readonly Applied[]): Migration[] => {
  const unknown = applied.filter((row) => !known.some((migration) => migration.number === row.number))
  const breaking = unknown.find((row) => row.additive === 0)
  if (breaking !== undefined) {
    throw new DatabaseTooNew(
      `The database was upgraded by a newer version (${breaking.name}); run that version, or restore a backup.`,
    )
  }
  return known.filter((migration) => !applied.some((row) => row.number === migration.number))
}

const readApplied = (db: Pick<ReadonlyKysely<Schema>, 'selectFrom'>): Promise<Applied[]> =>
  db.selectFrom('migrations').select(['number', 'name', 'additive']).orderBy('number').execute()

const createMigrationTable = (db: Kysely<Schema>): Promise<void> =>
  db.schema
    .createTable('migrations')
    .ifNotExists()
    .addColumn('number', 'integer', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('additive', 'integer', (column) => column.notNull())
    .addColumn('applied_at', 'bigint', (column) => column.notNull())
    .execute()
