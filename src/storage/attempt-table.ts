import type { Kysely } from 'kysely'
import type { ReadonlyKysely } from 'kysely/readonly'
import type { Milliseconds } from '../clock.ts'
import type { Attempt } from '../webhook/delivery.ts'
import { flag, type AttemptTable, type Schema } from './schema.ts'

/** Every try to deliver a webhook that ended, for the operator to see. */
export const insertAttempt = async (db: Kysely<Schema>, attempt: Attempt): Promise<void> => {
  const row: AttemptTable = {
    delivery_id: attempt.deliveryId,
    number: attempt.number,
    by_hand: flag(attempt.trigger === 'manual'),
    started_at: attempt.startedAt,
    duration: attempt.duration,
    status: attempt.status,
    outcome: storable(attempt.outcome),
    succeeded: flag(attempt.succeeded),
    response: attempt.response === null ? null : storable(attempt.response),
  }
  await db.insertInto('attempts').values(row).execute()
}

/** What a receiver answered may be anything; PostgreSQL stores no U+0000, and neither database a lone surrogate. */
const storable = (text: string): string => text.replaceAll('\0', '\u{fffd}').toWellFormed()

/** In order. */
export const readAttempts = async (db: ReadonlyKysely<Schema>, deliveryId: string): Promise<Attempt[]> => {
  const rows = await db
    .selectFrom('attempts')
    .selectAll()
    .where('delivery_id', '=', deliveryId)
    .orderBy('number')
    .execute()
  return rows.map(attemptOf)
}

const attemptOf = (row: AttemptTable): Attempt => ({
  deliveryId: row.delivery_id,
  number: row.number,
  trigger: row.by_hand === 1 ? 'manual' : 'scheduled',
  startedAt: row.started_at,
  duration: row.duration,
  status: row.status,
  outcome: row.outcome,
  succeeded: row.succeeded === 1,
  response: row.response,
})

/** Those that began before, the oldest first. @returns how many went */
export const deleteAttempts = async (db: Kysely<Schema>, before: Milliseconds, limit: number): Promise<number> => {
  const old = db
    .selectFrom('attempts')
    .select(['delivery_id', 'number'])
    .where('started_at', '<', before)
    .orderBy('started_at')
    .limit(limit)
  const { numDeletedRows } = await db
    .deleteFrom('attempts')
    .where((row) => row(row.refTuple('delivery_id', 'number'), 'in', old.$asTuple('delivery_id', 'number')))
    .executeTakeFirstOrThrow()
  return Number(numDeletedRows)
}
