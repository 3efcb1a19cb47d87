import type { Milliseconds } from '../clock.ts'
import type { OwedDelivery } from '../payload/owed-delivery.ts'

/** Owed until it is delivered or given up; both are final, but for a redelivery by hand. */
export type DeliveryState = 'owed' | 'delivered' | 'failed'

/** One webhook with what became of it so far. */
export interface Delivery extends Omit<OwedDelivery, 'dueAt'> {
  readonly state: DeliveryState
  readonly createdAt: Milliseconds
  /** When the next attempt is due, or the lease of the one under way ends; null once it is final. */
  readonly dueAt: Milliseconds | null
  /** Attempts that ended, those of redeliveries included. */
  readonly attempts: number
}

/** One try, kept for the operator to see. One that a crash interrupted leaves none, so the next has its number. */
export interface Attempt {
  readonly deliveryId: string
  /** From 1, over all attempts of this delivery; the wire's `x-xumm-attempt`. */
  readonly number: number
  readonly trigger: 'scheduled' | 'manual'
  readonly startedAt: Milliseconds
  readonly duration: Milliseconds
  /** Null when no answer came. */
  readonly status: number | null
  /** What happened, in words for a person: `answered 200`, `the connection was refused`, … */
  readonly outcome: string
  readonly succeeded: boolean
  /** The first 16 KiB of the answer as text; null when there was none. */
  readonly response: string | null
}
