import type { Kysely } from 'kysely'
import type { Database } from './database.ts'
import { migrations, type Migration } from './migrations/migrations.ts'
import { flag, type Schema } from './schema.ts'

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
export const migrate = (database: Database, known: readonly Migration[] = migrations): Promise<string[]> =>
  database.write(async (db, now) => {
    await database.dialect.lockMigrations(db)
    const applied = await readApplied(db)
    const unknown = applied.filter((row) => !known.some((migration) => migration.number === row.number))
    const breaking = unknown.find((row) => row.additive === 0)
    if (breaking !== undefined) {
      throw new DatabaseTooNew(
        `The database was upgraded by a newer version (${breaking.name}); run that version, or restore a backup.`,
      )
    }
    const due = known.filter((migration) => !applied.some((row) => row.number === migration.number))
    for (const { number, name, additive, up } of due) {
      await up(db)
      const row = { number, name, additive: flag(additive), applied_at: await now() }
      await db.insertInto('migrations').values(row).execute()
    }
    return due.map((migration) => migration.name)
  })

const readApplied = async (db: Kysely<Schema>) => {
  await db.schema
    .createTable('migrations')
    .ifNotExists()
    .addColumn('number', 'integer', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('additive', 'integer', (column) => column.notNull())
    .addColumn('applied_at', 'bigint', (column) => column.notNull())
    .execute()
  return db.selectFrom('migrations').select(['number', 'name', 'additive']).orderBy('number').execute()
}
