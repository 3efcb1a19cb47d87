import { sql } from 'kysely'
import type { Migration } from './migration.ts'

const statements = [
  sql`create table pages (
    payload_id text not null references payloads (id) on delete cascade,
    node_id text not null,
    present_until bigint not null,
    primary key (payload_id, node_id)
  )`,
]

/** Sign pages that are open somewhere, so that every node knows of them. */
export const pages: Migration = {
  number: 4,
  name: '0004-pages',
  additive: true,
  up: async (db) => {
    for (const statement of statements) await statement.execute(db)
  },
}
