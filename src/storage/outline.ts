import type { ReadonlyKysely } from 'kysely/readonly'
import { expiryOf } from '../payload/expiry.ts'
import type { Outline } from '../payload/facts.ts'
import type { ChangePosition, PayloadStore } from '../payload/payload-store.ts'
import type { Database } from './database.ts'
import type { Schema } from './schema.ts'

/** Which facts payloads have, and which changed lately: what reconciliation asks every second. */

type Db = Pick<ReadonlyKysely<Schema>, 'selectFrom' | 'selectNoFrom'>

export const selectOutlines = (db: Db) =>
  db
    .selectFrom('payloads')
    .select(['id', 'expires_at', 'pre_signed_at', 'cancelled_at', 'resolved_at'])
    .select((from) =>
      from
        .selectFrom('opens')
        .select('at')
        .whereRef('opens.payload_id', '=', 'payloads.id')
        .where('position', '=', 0)
        .as('opened_at'),
    )

type OutlineRow = Awaited<ReturnType<ReturnType<typeof selectOutlines>['executeTakeFirstOrThrow']>>

export const outlineOf = (row: OutlineRow): Outline => ({
  payloadId: row.id,
  opened: row.opened_at !== null,
  preSigned: row.pre_signed_at !== null,
  resolved: row.resolved_at !== null,
  expiry: expiryOf({ expiresAt: row.expires_at, cancelledAt: row.cancelled_at }),
})

/**
 * Two statements: the second may see more than the position that the first read, never less. What it sees beyond is listed
 * again the next time.
 */
export const readChanges = async (
  db: Db,
  database: Database,
  since: ChangePosition | null,
): ReturnType<PayloadStore['readChanges']> => {
  const { changeMarks } = database.dialect
  const { now, position } = await db
    .selectNoFrom([database.clock().as('now'), changeMarks.position.as('position')])
    .executeTakeFirstOrThrow()
  const until = position as ChangePosition
  if (since === null) return { changed: [], until, now }
  const rows = await selectOutlines(db).where(changeMarks.between(since, until)).execute()
  return { changed: rows.map(outlineOf), until, now }
}
