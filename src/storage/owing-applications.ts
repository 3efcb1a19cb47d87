import { sql } from 'kysely'
import type { ReadonlyKysely } from 'kysely/readonly'
import type { Milliseconds } from '../clock.ts'
import type { DueApplication } from '../webhook/delivery-store.ts'
import type { Schema } from './schema.ts'

/**
 * Applications that are owed a webhook, now or later.
 *
 * They are found by stepping through the index from one application to the next (a loose index scan, which neither
 * database does by itself): the cost is the number of applications, however much any of them is owed.
 */
const withOwing = (db: ReadonlyKysely<Schema>) =>
  db.withRecursive(
    'owing(id)',
    () => sql<{ id: string | null }>`(
      select (select application_id from deliveries where due_at is not null order by application_id limit 1)
      union all
      select (
        select application_id from deliveries where due_at is not null and application_id > owing.id
        order by application_id limit 1
      )
      from owing where owing.id is not null
    )`,
  )

/** Each with when its next delivery is due; the earliest first. */
export const readOwingApplications = async (db: ReadonlyKysely<Schema>): Promise<DueApplication[]> => {
  const rows = await withOwing(db)
    .selectFrom('owing')
    .select((from) => [
      'owing.id as applicationId',
      from
        .selectFrom('deliveries')
        .select('due_at')
        .whereRef('application_id', '=', 'owing.id')
        .where('due_at', 'is not', null)
        .orderBy('due_at')
        .limit(1)
        .as('dueAt'),
    ])
    .where('owing.id', 'is not', null)
    .orderBy('dueAt')
    .execute()
  return rows as DueApplication[]
}

/** How many deliveries are due. */
export const countDue = async (db: ReadonlyKysely<Schema>, now: Milliseconds): Promise<number> => {
  const rows = await withOwing(db)
    .selectFrom('owing')
    .select((from) =>
      from
        .selectFrom('deliveries')
        .select((each) => each.fn.countAll<number>().as('due'))
        .whereRef('application_id', '=', 'owing.id')
        .where('due_at', '<=', now)
        .as('due'),
    )
    .execute()
  return rows.reduce((sum, { due }) => sum + (due ?? 0), 0)
}
