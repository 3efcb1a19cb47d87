import type { Kysely } from 'kysely'
import type { Milliseconds } from '../clock.ts'
import type { Attempt } from '../webhook/delivery.ts'
import type { AfterAttempt, ClaimedDelivery } from '../webhook/delivery-store.ts'
import type { Database } from './database.ts'
import { deliveryOf } from './delivery-table.ts'
import type { DeliveryTable, Schema } from './schema.ts'

/**
 * Who attempts which delivery: the due time of one under way is moved ahead (the lease), and `claim` says whose it is.
 * An attempt that never ends, because its process is gone, is due again by itself.
 */

/** The oldest due first; what another node is taking just now is passed over. */
export const leaseDeliveries = async (
  db: Kysely<Schema>,
  database: Database,
  { applicationId, limit, claim, lease }: Lease,
  now: Milliseconds,
): Promise<ClaimedDelivery[]> => {
  const rows = await db
    .selectFrom('deliveries')
    .selectAll()
    .where('application_id', '=', applicationId)
    .where('due_at', '<=', now)
    .orderBy('due_at')
    .limit(limit)
    .$if(database.dialect.rowLocks, (query) => query.forUpdate().skipLocked())
    .execute()
  if (rows.length === 0) return []
  const leased = { claim, due_at: now + lease }
  const ids = rows.map(({ id }) => id)
  await db.updateTable('deliveries').set(leased).where('id', 'in', ids).execute()
  return rows.map((row) => claimedOf({ ...row, ...leased }))
}

interface Lease {
  readonly applicationId: string
  readonly limit: number
  readonly claim: string
  readonly lease: Milliseconds
}

const claimedOf = (row: DeliveryTable): ClaimedDelivery => ({
  ...deliveryOf(row),
  trigger: row.by_hand === 1 && row.round_attempts === 0 ? 'manual' : 'scheduled',
  attemptsThisRound: row.round_attempts,
})

/** Ends the lease with what follows the attempt. False when it is this claim's no more. */
export const endLease = async (
  db: Kysely<Schema>,
  claim: string,
  { deliveryId, number }: Attempt,
  next: AfterAttempt,
  now: Milliseconds,
): Promise<boolean> => {
  const { numUpdatedRows } = await db
    .updateTable('deliveries')
    .set((from) => ({
      state: next.state,
      due_at: next.state === 'owed' ? now + next.wait : null,
      failed_at: next.state === 'failed' ? now : null,
      claim: null,
      attempts: number,
      round_attempts: from('round_attempts', '+', 1),
    }))
    .where('id', '=', deliveryId)
    .where('claim', '=', claim)
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

/** Ends leases as if they had never begun. */
export const releaseDeliveries = async (db: Kysely<Schema>, claim: string, ids: readonly string[]): Promise<void> => {
  if (ids.length === 0) return
  await db
    .updateTable('deliveries')
    .set((from) => ({ claim: null, due_at: from.ref('owed_at') }))
    .where('id', 'in', ids)
    .where('claim', '=', claim)
    .execute()
}
