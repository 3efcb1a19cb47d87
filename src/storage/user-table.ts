import type { Kysely } from 'kysely'
import type { Database } from './database.ts'
import type { Schema } from './schema.ts'

/** Holds the user's row, and by that everything of this user, until the end of the transaction. */
export const lockUser = async (db: Kysely<Schema>, database: Database, id: string): Promise<void> => {
  if (!database.dialect.rowLocks) return
  await db.selectFrom('users').select('id').where('id', '=', id).forUpdate().execute()
}
