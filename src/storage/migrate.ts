import type { Kysely } from 'kysely'
import type { ReadonlyKysely } from 'kysely/readonly'
import type { Milliseconds } from '../clock.ts'
import { DatabaseUnavailable } from '../database-unavailable.ts'
import type { Database } from './database.ts'
import type { Migration } from './migrations/migration.ts'
import { migrations } from './migrations/migrations.ts'
import { flag, type MigrationTable, type Schema } from './schema.ts'

/** The schema was made by a newer version of this program, in a way that this one cannot work with. */
export class DatabaseTooNew extends Error {
  override readonly name = 'DatabaseTooNew'
}

/** This version's schema is one that older nodes cannot work with, and nobody said yet that there are none any more. */
export class OlderNodesMustStop extends Error {
  override readonly name = 'OlderNodesMustStop'
}

export interface MigrateOptions {
  /** What this code knows, in order. */
  readonly known?: readonly Migration[]
  /**
   * `additive`: throws `OlderNodesMustStop`, and runs nothing, where older nodes may be at work on the database and could
   * not go on. Default `all`.
   */
  readonly allowed?: 'additive' | 'all'
}

/**
 * Brings the schema up to date: what this code knows and the database has not had is run, in order, all of it or nothing.
 * Of several nodes that start at once one does it and the others wait.
 *
 * A database that had migrations this code does not know was used by a newer version: no fault while these only added
 * (nodes of both versions run side by side during an upgrade), else `DatabaseTooNew`.
 *
 * @returns the migrations that were run
 */
export const migrate = async (database: Database, options: MigrateOptions = {}): Promise<readonly Migration[]> => {
  const { known = migrations } = options
  // an up-to-date schema takes no lock and no right to change it
  if ((await dueMigrations(database, known)).length === 0) return []
  return database.exclusively((db, now) => migrateWithin(db, now, options))
}

/** What `migrate` would run. @throws DatabaseTooNew */
export const dueMigrations = async (
  database: Database,
  known: readonly Migration[] = migrations,
): Promise<readonly Migration[]> =>
  due(
    known,
    await database.read(readApplied).catch((error: unknown) => {
      if (error instanceof DatabaseUnavailable) throw error
      // there is no such table yet
      return []
    }),
  )

/** The same as part of a transaction of `Database.exclusively`. */
export const migrateWithin = async (
  db: Kysely<Schema>,
  now: () => Promise<Milliseconds>,
  { known = migrations, allowed = 'all' }: MigrateOptions = {},
): Promise<readonly Migration[]> => {
  await createMigrationTable(db)
  const applied = await readApplied(db)
  const migrating = due(known, applied)
  const breaking = migrating.find((migration) => !migration.additive)
  // a fresh database has no older nodes
  if (allowed === 'additive' && breaking !== undefined && applied.length > 0) {
    throw new OlderNodesMustStop(
      `This version changes the database so that nodes of older versions cannot go on (${breaking.name}): stop all of them, make a backup, and run "countersign migrate".`,
    )
  }
  for (const { number, name, additive, up } of migrating) {
    await up(db)
    const row = { number, name, additive: flag(additive), applied_at: await now() }
    await db.insertInto('migrations').values(row).execute()
  }
  return migrating
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
