import type { Kysely } from 'kysely'
import type { Milliseconds } from '../clock.ts'
import type { PendingCheck } from '../payload/payload-store.ts'
import type { Database } from './database.ts'
import type { PendingCheckTable, Schema } from './schema.ts'

/** Signatures that wait for the answer of a ledger node, at most one for each payload and user. */

/** Takes the place of the one that this user handed in before for the same payload. */
export const writePendingCheck = async (
  db: Kysely<Schema>,
  { id, payloadId, userId, dueAt, ...work }: PendingCheck & { readonly dueAt: Milliseconds },
): Promise<void> => {
  // under a new id, so that whoever is repeating the earlier check neither postpones nor removes this one
  const replaceable = { id, due_at: dueAt, work: JSON.stringify(work) }
  await db
    .insertInto('pending_checks')
    .values({ payload_id: payloadId, user_id: userId, ...replaceable })
    .onConflict((conflict) => conflict.columns(['payload_id', 'user_id']).doUpdateSet(replaceable))
    .execute()
}

/** Those that are due, each moved ahead so that nobody else finds it due meanwhile; what another node is taking just now is passed over. */
export const leasePendingChecks = async (
  db: Kysely<Schema>,
  database: Database,
  limit: number,
  now: Milliseconds,
  lease: Milliseconds,
): Promise<PendingCheck[]> => {
  const due = db
    .selectFrom('pending_checks')
    .select('id')
    .where('due_at', '<=', now)
    .orderBy('due_at')
    .limit(limit)
    .$if(database.dialect.rowLocks, (query) => query.forUpdate().skipLocked())
  const rows = await db
    .updateTable('pending_checks')
    .set({ due_at: now + lease })
    .where('id', 'in', due)
    .returning(['id', 'payload_id', 'user_id', 'work'])
    .execute()
  return rows.map(pendingCheckOf)
}

const pendingCheckOf = (row: Omit<PendingCheckTable, 'due_at'>): PendingCheck => ({
  id: row.id,
  payloadId: row.payload_id,
  userId: row.user_id,
  ...(JSON.parse(row.work) as Omit<PendingCheck, 'id' | 'payloadId' | 'userId'>),
})

export const setPendingCheckDue = async (db: Kysely<Schema>, id: string, dueAt: Milliseconds): Promise<void> => {
  await db.updateTable('pending_checks').set({ due_at: dueAt }).where('id', '=', id).execute()
}

export const deletePendingCheck = async (db: Kysely<Schema>, id: string): Promise<void> => {
  await db.deleteFrom('pending_checks').where('id', '=', id).execute()
}
