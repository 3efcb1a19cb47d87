import { sql, type Kysely } from 'kysely'
import type { Milliseconds } from '../clock.ts'
import type { Schema } from './schema.ts'

/** Deliveries that are owed once more by hand: a new round of attempts, whose numbers go on. */

const newRound = (now: Milliseconds) => ({
  state: 'owed' as const,
  owed_at: now,
  due_at: now,
  claim: null,
  failed_at: null,
  round_attempts: 0,
  by_hand: 1 as const,
  // a test goes where it was meant to go; so does what the application has no URL for any more
  url: sql<string>`coalesce((
    select nullif(case event when 'test' then '' when 'resolved' then webhook_url else events_url end, '')
    from applications where applications.id = application_id
  ), url)`,
})

/** False when there is none, it is under way, or it is not due for the first time yet. */
export const beginRound = async (db: Kysely<Schema>, id: string, now: Milliseconds): Promise<boolean> => {
  const { numUpdatedRows } = await db
    .updateTable('deliveries')
    .set(newRound(now))
    .where('id', '=', id)
    .where('owed_at', '<=', now)
    .where((row) => row.or([row('claim', 'is', null), row('due_at', '<=', now)]))
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

interface Failed {
  readonly since: Milliseconds
  readonly until: Milliseconds
  readonly applicationId: string | null
  readonly limit: number
}

/** Those that failed in this time, both ends included. @returns how many */
export const beginRoundOfFailed = async (
  db: Kysely<Schema>,
  { since, until, applicationId, limit }: Failed,
  now: Milliseconds,
): Promise<number> => {
  const failed = db
    .selectFrom('deliveries')
    .select('id')
    .where('failed_at', '>=', since)
    .where('failed_at', '<=', until)
    .$if(applicationId !== null, (query) => query.where('application_id', '=', applicationId!))
    .orderBy('failed_at')
    .limit(limit)
  const { numUpdatedRows } = await db
    .updateTable('deliveries')
    .set(newRound(now))
    .where('id', 'in', failed)
    // of two who do this at once the second finds what the first began
    .where('failed_at', 'is not', null)
    .executeTakeFirstOrThrow()
  return Number(numUpdatedRows)
}
