import type { Kysely } from 'kysely'
import type { ReadonlyKysely } from 'kysely/readonly'
import type { JsonObject } from '../json.ts'
import type { Schema } from './schema.ts'

/** The one JSON object that an application may store. */
export const readApplicationData = async (db: ReadonlyKysely<Schema>, id: string): Promise<JsonObject | null> => {
  const row = await db.selectFrom('application_data').select('data').where('application_id', '=', id).executeTakeFirst()
  return row === undefined ? null : (JSON.parse(row.data) as JsonObject)
}

export const writeApplicationData = async (db: Kysely<Schema>, id: string, object: JsonObject): Promise<void> => {
  const data = JSON.stringify(object)
  await db
    .insertInto('application_data')
    .values({ application_id: id, data })
    .onConflict((conflict) => conflict.column('application_id').doUpdateSet({ data }))
    .execute()
}

export const deleteApplicationData = async (db: Kysely<Schema>, id: string): Promise<void> => {
  await db.deleteFrom('application_data').where('application_id', '=', id).execute()
}
