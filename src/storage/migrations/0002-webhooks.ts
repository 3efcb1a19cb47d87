import { sql } from 'kysely'
import type { Migration } from './migration.ts'

const statements = [
  sql`alter table applications add column events_url text not null default ''`,
  sql`alter table applications add column events text not null default '[]'`,
  sql`alter table applications add column honour_retry_after integer not null default 0`,
  sql`alter table applications add column end_on_gone integer not null default 0`,
  sql`alter table applications add column require_https integer not null default 0`,
  sql`alter table applications add column sealed_previous_secret text`,
  sql`alter table applications add column previous_secret_until bigint`,

  sql`create table deliveries (
    id text not null primary key,
    application_id text not null references applications (id),
    payload_id text references payloads (id) on delete cascade,
    event text not null,
    url text not null,
    body text not null,
    state text not null check (state in ('owed', 'delivered', 'failed')),
    created_at bigint not null,
    owed_at bigint not null,
    due_at bigint,
    claim text,
    failed_at bigint,
    attempts integer not null,
    round_attempts integer not null,
    by_hand integer not null,
    check ((state = 'owed') = (due_at is not null)),
    check ((state = 'failed') = (failed_at is not null))
  )`,
  // what the deliverer asks for looks at what is owed alone, however much was delivered before
  sql`create index deliveries_due on deliveries (application_id, due_at) where due_at is not null`,
  sql`create index deliveries_owed on deliveries (owed_at) where due_at is not null`,
  sql`create index deliveries_by_age on deliveries (created_at, id)`,
  sql`create index deliveries_of_application on deliveries (application_id, created_at, id)`,
  sql`create index deliveries_of_application_in_state on deliveries (application_id, state, created_at, id)`,
  sql`create index deliveries_of_payload on deliveries (payload_id, state, created_at, id)`,
  sql`create index deliveries_in_state on deliveries (state, created_at, id)`,
  sql`create index deliveries_failed on deliveries (failed_at) where failed_at is not null`,

  sql`create table attempts (
    delivery_id text not null references deliveries (id) on delete cascade,
    number integer not null,
    by_hand integer not null,
    started_at bigint not null,
    duration bigint not null,
    status integer,
    outcome text not null,
    succeeded integer not null,
    response text,
    primary key (delivery_id, number)
  )`,
  sql`create index attempts_by_age on attempts (started_at)`,
]

/** What webhooks are owed, every try, and what applications say about both. */
export const webhooks: Migration = {
  number: 2,
  name: '0002-webhooks',
  additive: true,
  up: async (db) => {
    for (const statement of statements) await statement.execute(db)
  },
}
