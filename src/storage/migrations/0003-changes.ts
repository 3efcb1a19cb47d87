import { sql } from 'kysely'
import type { Migration } from './migration.ts'

const statements = [
  sql`alter table payloads add column changed_in bigint`,
  // what nobody did anything with yet has no mark, and creating costs nothing here
  sql`create index payloads_changed on payloads (changed_in) where changed_in is not null`,
]

/** By which nodes find what changed lately (`change-marks.ts`). What older nodes write beside has no mark. */
export const changes: Migration = {
  number: 3,
  name: '0003-changes',
  additive: true,
  up: async (db) => {
    for (const statement of statements) await statement.execute(db)
  },
}
