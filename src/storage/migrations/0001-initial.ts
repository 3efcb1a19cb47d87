import { sql } from 'kysely'
import type { Migration } from './migration.ts'

const statements = [
  sql`create table applications (
    id text not null primary key,
    name text not null,
    description text not null,
    icon_url text not null,
    webhook_url text not null,
    disabled integer not null,
    bind_sign_in integer not null,
    pushed_user_only integer not null,
    sealed_secret text not null,
    created_at bigint not null
  )`,

  sql`create table application_data (
    application_id text not null primary key references applications (id) on delete cascade,
    data text not null
  )`,

  sql`create table users (
    id text not null primary key,
    activation_id text not null unique,
    created_at bigint not null
  )`,

  sql`create table devices (
    id text not null primary key,
    user_id text not null references users (id) on delete cascade,
    state text not null check (state in ('invited', 'locked', 'active')),
    created_at bigint not null,
    activate_by bigint not null,
    starts_locked integer not null,
    access_token_hash text unique,
    unique_device_identifier text,
    platform text,
    push_token text,
    counter_highest bigint not null,
    counter_used text not null,
    refresh_hash text,
    previous_refresh_hash text,
    refresh_hash_used integer not null
  )`,
  sql`create index devices_of_user on devices (user_id)`,
  sql`create index devices_invited on devices (activate_by) where state = 'invited'`,

  sql`create table user_tokens (
    token text not null primary key,
    application_id text not null references applications (id) on delete cascade,
    user_id text not null references users (id) on delete cascade,
    issued_at bigint not null,
    expires_at bigint not null,
    unique (user_id, application_id)
  )`,

  sql`create table payloads (
    id text not null primary key,
    application_id text not null references applications (id),
    identifier text,
    request text not null,
    custom_meta text not null,
    created_at bigint not null,
    expires_at bigint not null,
    pushed_user_id text,
    pushed_exclusive integer not null,
    pre_signed_at bigint,
    cancelled_at bigint,
    resolved_at bigint,
    outcome text,
    ledger_answer text,
    unique (application_id, identifier),
    check ((resolved_at is null) = (outcome is null))
  )`,
  sql`create index payloads_pending on payloads (pushed_user_id, created_at)
    where pushed_user_id is not null and resolved_at is null and cancelled_at is null`,

  sql`create table opens (
    payload_id text not null references payloads (id) on delete cascade,
    position integer not null,
    user_id text not null,
    device_id text not null,
    at bigint not null,
    origin text not null,
    primary key (payload_id, position)
  )`,

  sql`create table dispatch_reports (
    payload_id text not null references payloads (id) on delete cascade,
    position integer not null,
    user_id text not null,
    at bigint not null,
    reported_to text,
    node_type text,
    result text,
    primary key (payload_id, position),
    unique (payload_id, user_id)
  )`,

  sql`create table refused_signatures (
    payload_id text not null references payloads (id) on delete cascade,
    position integer not null,
    txid text,
    account text,
    reason text not null,
    message text not null,
    at bigint not null,
    primary key (payload_id, position)
  )`,

  sql`create table pending_checks (
    id text not null primary key,
    payload_id text not null references payloads (id) on delete cascade,
    user_id text not null,
    due_at bigint not null,
    work text not null,
    unique (payload_id, user_id)
  )`,
  sql`create index pending_checks_due on pending_checks (due_at)`,

  sql`create table followed_transactions (
    payload_id text not null primary key references payloads (id) on delete cascade,
    txid text not null,
    network text,
    due_at bigint not null,
    give_up_at bigint not null
  )`,
  sql`create index followed_transactions_due on followed_transactions (due_at)`,

  sql`create table settings (
    key text not null primary key,
    value text not null
  )`,
]

export const initial: Migration = {
  number: 1,
  name: '0001-initial',
  additive: true,
  up: async (db) => {
    for (const statement of statements) await statement.execute(db)
  },
}
