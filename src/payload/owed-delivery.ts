import type { ApplicationEvent } from '../application/application.ts'
import type { Milliseconds } from '../clock.ts'

/** What a webhook tells: a resolution always, the others where the application asked for them. */
export type WebhookEvent = 'resolved' | ApplicationEvent | 'test'

/**
 * One webhook that is owed from the moment the transaction which caused it is committed, written in that very
 * transaction with the exact bytes of its body.
 */
export interface OwedDelivery {
  /** The `webhook-id`, the same for all attempts: `msg_` and a UUID without dashes. */
  readonly id: string
  readonly applicationId: string
  /** Null for a test event. */
  readonly payloadId: string | null
  readonly event: WebhookEvent
  readonly url: string
  /** A fixed point of JSON.parse then JSON.stringify, since receivers verify what they re-serialise. */
  readonly body: string
  /** At once, or at the payload's expiry. */
  readonly dueAt: Milliseconds
}

/**
 * What a change makes owed, and whether an `expired` event that was owed for later is owed no more because the payload
 * was resolved or cancelled before.
 */
export interface Debts {
  readonly owed: readonly OwedDelivery[]
  readonly expiryForgiven: boolean
}

export const noDebts: Debts = { owed: [], expiryForgiven: false }
