import type { Milliseconds } from '../clock.ts'
import type { Device } from '../device/device.ts'
import type { PayloadOrigin } from '../payload/payload.ts'
import type { RefusalReason } from '../refusals.ts'
import type { WebhookEvent } from '../payload/owed-delivery.ts'
import type { DeliveryState } from '../webhook/delivery.ts'

/**
 * The tables as both databases have them; made by `migrations/`.
 *
 * Times are integer milliseconds, booleans the integers 0 and 1, UUIDs lower-case text, and JSON is text, so that the
 * order of keys survives.
 */
export interface Schema {
  applications: ApplicationTable
  application_data: ApplicationDataTable
  users: UserTable
  devices: DeviceTable
  user_tokens: UserTokenTable
  payloads: PayloadTable
  opens: OpenTable
  dispatch_reports: DispatchReportTable
  refused_signatures: RefusedSignatureTable
  pending_checks: PendingCheckTable
  followed_transactions: FollowedTransactionTable
  deliveries: DeliveryTable
  attempts: AttemptTable
  pages: PageTable
  settings: SettingTable
  migrations: MigrationTable
}

export type Flag = 0 | 1

export const flag = (value: boolean): Flag => (value ? 1 : 0)

/** What a JSON column holds. */
export type JsonText = string

export interface ApplicationTable {
  id: string
  name: string
  description: string
  icon_url: string
  webhook_url: string
  disabled: Flag
  bind_sign_in: Flag
  pushed_user_only: Flag
  events_url: string
  /** An array of `ApplicationEvent`. */
  events: JsonText
  honour_retry_after: Flag
  end_on_gone: Flag
  require_https: Flag
  sealed_secret: string
  /** The one before, which still signs webhooks until then; both null when there was none. */
  sealed_previous_secret: string | null
  previous_secret_until: Milliseconds | null
  created_at: Milliseconds
}

/** The one JSON object that an application may store; no row while there is none. */
export interface ApplicationDataTable {
  application_id: string
  data: JsonText
}

export interface UserTable {
  /** The stable id that applications see. */
  id: string
  /** The uuid that `add-user` gave to the wallet; worth nothing to anyone else. */
  activation_id: string
  created_at: Milliseconds
}

export interface DeviceTable {
  id: string
  user_id: string
  state: Device['state']
  created_at: Milliseconds
  activate_by: Milliseconds
  starts_locked: Flag
  /** Null until activated, as is everything up to `push_token`. Hex SHA-256. */
  access_token_hash: string | null
  unique_device_identifier: string | null
  platform: string | null
  push_token: string | null
  /** The highest bearer counter used, and 64 bits in hex: which of those just below it were used. */
  counter_highest: number
  counter_used: string
  /** Hex SHA-256 of what `refresh-token` gave last, and last but one. */
  refresh_hash: string | null
  previous_refresh_hash: string | null
  refresh_hash_used: Flag
}

/** One user's permission for one application to push to them. */
export interface UserTokenTable {
  token: string
  application_id: string
  user_id: string
  issued_at: Milliseconds
  expires_at: Milliseconds
}

export interface PayloadTable {
  id: string
  application_id: string
  /** Unique within the application. */
  identifier: string | null
  /** `SignRequest`. */
  request: JsonText
  /** `CustomMeta` without the identifier. */
  custom_meta: JsonText
  created_at: Milliseconds
  expires_at: Milliseconds
  pushed_user_id: string | null
  pushed_exclusive: Flag
  pre_signed_at: Milliseconds | null
  cancelled_at: Milliseconds | null
  resolved_at: Milliseconds | null
  /** `Outcome`; null exactly while `resolved_at` is. */
  outcome: JsonText | null
  /** `LedgerAnswer`. */
  ledger_answer: JsonText | null
  /** The last change that subscribers are told of, as a mark of `change-marks.ts`; null before the first. */
  changed_in: number | null
}

/** No foreign key to the user: what happened stays when a user goes. */
export interface OpenTable {
  payload_id: string
  /** Order within the payload, from 0. */
  position: number
  user_id: string
  device_id: string
  at: Milliseconds
  origin: PayloadOrigin
}

export interface DispatchReportTable {
  payload_id: string
  position: number
  user_id: string
  at: Milliseconds
  reported_to: string | null
  node_type: string | null
  result: string | null
}

export interface RefusedSignatureTable {
  payload_id: string
  position: number
  txid: string | null
  account: string | null
  reason: RefusalReason
  message: string
  at: Milliseconds
}

export interface PendingCheckTable {
  id: string
  payload_id: string
  /** One check for each user and payload. */
  user_id: string
  /** When to ask next; moved ahead while a node asks (the lease). */
  due_at: Milliseconds
  /** `PendingCheck` without what has a column. */
  work: JsonText
}

export interface FollowedTransactionTable {
  payload_id: string
  txid: string
  network: string | null
  /** When to ask next; moved ahead while a node is asked (the lease). */
  due_at: Milliseconds
  give_up_at: Milliseconds
}

/** One webhook, owed, delivered or given up. */
export interface DeliveryTable {
  /** `webhook-id`. */
  id: string
  application_id: string
  payload_id: string | null
  event: WebhookEvent
  url: string
  /** The exact text that is sent. */
  body: string
  state: DeliveryState
  created_at: Milliseconds
  /** When the first attempt of this round was or will be due. A round begins with what caused it, or by hand. */
  owed_at: Milliseconds
  /** When the next attempt is due, moved ahead while one is under way (the lease); null exactly unless owed. */
  due_at: Milliseconds | null
  /** Whose lease it is; null while nobody attempts it. */
  claim: string | null
  /** When it was given up; null exactly unless failed. */
  failed_at: Milliseconds | null
  /** Attempts that ended, in all rounds and in this one. */
  attempts: number
  round_attempts: number
  /** 1: this round was begun by hand. */
  by_hand: Flag
}

export interface AttemptTable {
  delivery_id: string
  /** From 1. */
  number: number
  by_hand: Flag
  started_at: Milliseconds
  duration: Milliseconds
  /** HTTP status; null when no answer came. */
  status: number | null
  outcome: string
  succeeded: Flag
  response: string | null
}

/** A node has sign pages of a payload open. */
export interface PageTable {
  payload_id: string
  node_id: string
  /** The lease. */
  present_until: Milliseconds
}

/** What the server itself must remember: one text per key. */
export interface SettingTable {
  key: string
  value: string
}

export interface MigrationTable {
  number: number
  name: string
  /** 1: code that does not know this migration works on. */
  additive: Flag
  applied_at: Milliseconds
}
