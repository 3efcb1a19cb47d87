import type { Kysely } from 'kysely'
import type { ReadonlyKysely } from 'kysely/readonly'
import type { Milliseconds } from '../clock.ts'
import type { Debts, OwedDelivery } from '../payload/owed-delivery.ts'
import type { Delivery } from '../webhook/delivery.ts'
import type { DeliveryFilter } from '../webhook/delivery-store.ts'
import type { DeliveryTable, Schema } from './schema.ts'

/** Deliveries as rows: what is owed, and what became of it. */

export const deliveryOf = (row: DeliveryTable): Delivery => ({
  id: row.id,
  applicationId: row.application_id,
  payloadId: row.payload_id,
  event: row.event,
  url: row.url,
  body: row.body,
  state: row.state,
  createdAt: row.created_at,
  dueAt: row.due_at,
  attempts: row.attempts,
})

export const insertDeliveries = async (
  db: Kysely<Schema>,
  owed: readonly OwedDelivery[],
  now: Milliseconds,
): Promise<void> => {
  if (owed.length === 0) return
  await db
    .insertInto('deliveries')
    .values(owed.map((delivery) => rowOf(delivery, now)))
    .execute()
}

const rowOf = ({ id, applicationId, payloadId, event, url, body, dueAt }: OwedDelivery, now: Milliseconds) =>
  ({
    id,
    application_id: applicationId,
    payload_id: payloadId,
    event,
    url,
    body,
    state: 'owed',
    created_at: now,
    owed_at: dueAt,
    due_at: dueAt,
    claim: null,
    failed_at: null,
    attempts: 0,
    round_attempts: 0,
    by_hand: 0,
  }) satisfies DeliveryTable

/** What a change of this payload makes owed, and no more owed. */
export const writeDebts = async (
  db: Kysely<Schema>,
  payloadId: string,
  { owed, expiryForgiven }: Debts,
  now: Milliseconds,
): Promise<void> => {
  if (expiryForgiven) await forgiveExpiry(db, payloadId, now)
  await insertDeliveries(db, owed, now)
}

/** Only what is not due yet: what expired before did expire. */
const forgiveExpiry = async (db: Kysely<Schema>, payloadId: string, now: Milliseconds): Promise<void> => {
  await db
    .deleteFrom('deliveries')
    .where('payload_id', '=', payloadId)
    .where('event', '=', 'expired')
    .where('owed_at', '>', now)
    .where('claim', 'is', null)
    .execute()
}

export const readDelivery = async (db: ReadonlyKysely<Schema>, id: string): Promise<Delivery | null> => {
  const row = await db.selectFrom('deliveries').selectAll().where('id', '=', id).executeTakeFirst()
  return row === undefined ? null : deliveryOf(row)
}

const longestPage = 200

/** Newest first. */
export const listDeliveries = async (db: ReadonlyKysely<Schema>, filter: DeliveryFilter): Promise<Delivery[]> => {
  const { applicationId, payloadId, state, before, limit } = filter
  let query = db
    .selectFrom('deliveries')
    .selectAll()
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(Math.min(limit, longestPage))
  if (payloadId !== undefined) query = query.where('payload_id', '=', payloadId)
  else if (applicationId !== undefined) query = query.where('application_id', '=', applicationId)
  if (state !== undefined) query = query.where('state', '=', state)
  if (before !== undefined) {
    const last = await readDelivery(db, before)
    if (last === null) return []
    query = query.where((row) => row(row.refTuple('created_at', 'id'), '<', row.tuple(last.createdAt, last.id)))
  }
  const rows = await query.execute()
  // all of a payload's are of one application
  return rows.map(deliveryOf).filter((one) => applicationId === undefined || one.applicationId === applicationId)
}
