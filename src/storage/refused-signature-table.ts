import type { Kysely } from 'kysely'
import type { ReadonlyKysely } from 'kysely/readonly'
import type { Milliseconds } from '../clock.ts'
import { maxRefusedSignatures, type RefusedSignature } from '../payload/payload-store.ts'
import type { Schema } from './schema.ts'

/**
 * Signatures that were refused, beside their payload, at most `maxRefusedSignatures`. The payload is locked.
 *
 * @returns whether this one is kept
 */
export const keepRefusedSignature = async (
  db: Kysely<Schema>,
  payloadId: string,
  { txid, account, reason, message }: Omit<RefusedSignature, 'at'>,
  now: Milliseconds,
): Promise<boolean> => {
  const { kept } = await db
    .selectFrom('refused_signatures')
    .select((from) => from.fn.countAll<number>().as('kept'))
    .where('payload_id', '=', payloadId)
    .executeTakeFirstOrThrow()
  if (kept >= maxRefusedSignatures) return false
  const row = { payload_id: payloadId, position: kept, txid, account, reason, message, at: now }
  await db.insertInto('refused_signatures').values(row).execute()
  return true
}

/** Oldest first. */
export const readRefusedSignatures = (db: ReadonlyKysely<Schema>, payloadId: string): Promise<RefusedSignature[]> =>
  db
    .selectFrom('refused_signatures')
    .select(['txid', 'account', 'reason', 'message', 'at'])
    .where('payload_id', '=', payloadId)
    .orderBy('position')
    .execute()
