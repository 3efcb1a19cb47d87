import type { ExpressionBuilder, Kysely } from 'kysely'
import type { Open, Payload } from '../payload/payload.ts'
import type { OpenTable, Schema } from './schema.ts'

/** Who opened which payload: rows that are only ever added. */

/** Those of the payload that the surrounding query selects, in order. */
export const selectOpens = (from: ExpressionBuilder<Schema, 'payloads'>) =>
  from
    .selectFrom('opens')
    .select(['user_id', 'device_id', 'at', 'origin'])
    .whereRef('opens.payload_id', '=', 'payloads.id')
    .orderBy('position')

export const openOf = (row: Omit<OpenTable, 'payload_id' | 'position'>): Open => ({
  userId: row.user_id,
  deviceId: row.device_id,
  at: row.at,
  origin: row.origin,
})

/** Adds what came behind the opens that were there before. */
export const appendOpens = async (db: Kysely<Schema>, before: Payload, after: Payload): Promise<void> => {
  const known = before.opens.length
  if (after.opens.length === known) return
  const rows = after.opens.slice(known).map((open, index) => ({
    payload_id: after.id,
    position: known + index,
    user_id: open.userId,
    device_id: open.deviceId,
    at: open.at,
    origin: open.origin,
  }))
  await db.insertInto('opens').values(rows).execute()
}
