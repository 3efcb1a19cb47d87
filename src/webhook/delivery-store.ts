import type { Milliseconds } from '../clock.ts'
import type { OwedDelivery } from '../payload/owed-delivery.ts'
import type { Attempt, Delivery, DeliveryState } from './delivery.ts'

/**
 * Where deliveries live. One suite for every database: `test/contract/delivery-store.suite.ts`.
 *
 * Guarantees: whatever a promise here answered is durable. A delivery is claimed by one caller at a time: until the
 * lease ends nobody else gets it, and once another has claimed it the first can record nothing any more.
 */
export interface DeliveryStore {
  /** Applications with at least one delivery that is due now, each with how long its oldest has been. */
  listDueApplications(): Promise<{ readonly applicationId: string; readonly dueAt: Milliseconds }[]>

  /** Deliveries of this application that are due, the oldest due first, each leased to `claim` for `lease`. */
  claim(applicationId: string, limit: number, claim: string, lease: Milliseconds): Promise<ClaimedDelivery[]>

  /**
   * The attempt ended: keeps it and what follows, if the lease is still this claim's.
   *
   * @returns false when the lease was lost; nothing was written then
   */
  record(claim: string, attempt: Attempt, next: AfterAttempt): Promise<boolean>

  /** Gives back what was claimed and not attempted: due again at once. */
  release(claim: string, deliveryIds: readonly string[]): Promise<void>

  /** The earliest time at which something is due, to sleep until; null when nothing is owed. */
  nextDueAt(): Promise<{ readonly dueAt: Milliseconds | null; readonly now: Milliseconds }>

  /** For a test event, and whatever is owed without a payload changing. */
  add(delivery: OwedDelivery): Promise<void>

  find(id: string): Promise<{ readonly delivery: Delivery; readonly attempts: Attempt[] } | null>
  /** Newest first; `before` is the id of the last one of the page before. */
  list(filter: DeliveryFilter): Promise<Delivery[]>

  /** Owed again from now on, with the same id and body. @param url where to, when the application has another by now */
  redeliver(id: string, url: string | null): Promise<boolean>
  /** The same for everything that failed at or after `since`. @returns how many */
  redeliverFailed(since: Milliseconds, applicationId: string | null): Promise<number>

  /** Attempts older than this go, a bounded number at a time. @returns how many went */
  forgetAttempts(olderThan: Milliseconds, limit: number): Promise<number>

  /** For metrics: how many are due now, and since when the oldest undelivered has been owed. */
  backlog(): Promise<{ readonly due: number; readonly oldestAge: Milliseconds | null }>
}

export interface ClaimedDelivery extends Delivery {
  /** The next attempt's trigger. */
  readonly trigger: Attempt['trigger']
  /** Scheduled attempts that ended since it became owed, last by hand or by the change that caused it. */
  readonly attemptsThisRound: number
}

/** What follows an attempt. */
export type AfterAttempt =
  | { readonly state: 'delivered' }
  | { readonly state: 'failed' }
  | { readonly state: 'owed'; readonly dueAt: Milliseconds }

export interface DeliveryFilter {
  readonly applicationId?: string
  readonly payloadId?: string
  readonly state?: DeliveryState
  readonly before?: string
  /** At most 200. */
  readonly limit: number
}
