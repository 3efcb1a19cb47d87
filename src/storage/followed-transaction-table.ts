import type { Kysely } from 'kysely'
import type { Milliseconds } from '../clock.ts'
import type { FollowedTransaction } from '../payload/payload-store.ts'
import type { Database } from './database.ts'
import type { FollowedTransactionTable, Schema } from './schema.ts'

/** Submitted transactions of which a ledger node shall say what became of them, at most one for each payload. */

export const insertFollowedTransaction = async (
  db: Kysely<Schema>,
  { payloadId, txid, network, dueAt, giveUpAt }: FollowedTransaction & { readonly dueAt: Milliseconds },
): Promise<void> => {
  const row = { payload_id: payloadId, txid, network, due_at: dueAt, give_up_at: giveUpAt }
  await db.insertInto('followed_transactions').values(row).execute()
}

/** Those that are due, each moved ahead so that nobody else finds it due meanwhile. */
export const leaseFollowedTransactions = async (
  db: Kysely<Schema>,
  database: Database,
  limit: number,
  now: Milliseconds,
  lease: Milliseconds,
): Promise<FollowedTransaction[]> => {
  const due = db
    .selectFrom('followed_transactions')
    .select('payload_id')
    .where('due_at', '<=', now)
    .orderBy('due_at')
    .limit(limit)
    .$if(database.dialect.rowLocks, (query) => query.forUpdate().skipLocked())
  const rows = await db
    .updateTable('followed_transactions')
    .set({ due_at: now + lease })
    .where('payload_id', 'in', due)
    .returning(['payload_id', 'txid', 'network', 'give_up_at'])
    .execute()
  return rows.map(followedTransactionOf)
}

const followedTransactionOf = (row: Omit<FollowedTransactionTable, 'due_at'>): FollowedTransaction => ({
  payloadId: row.payload_id,
  txid: row.txid,
  network: row.network,
  giveUpAt: row.give_up_at,
})

export const setFollowedTransactionDue = async (
  db: Kysely<Schema>,
  payloadId: string,
  dueAt: Milliseconds,
): Promise<void> => {
  await db.updateTable('followed_transactions').set({ due_at: dueAt }).where('payload_id', '=', payloadId).execute()
}

export const deleteFollowedTransaction = async (db: Kysely<Schema>, payloadId: string): Promise<void> => {
  await db.deleteFrom('followed_transactions').where('payload_id', '=', payloadId).execute()
}
