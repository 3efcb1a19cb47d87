import type { Milliseconds } from '../clock.ts'
import type { OwedDelivery } from '../payload/owed-delivery.ts'
import type { Attempt, Delivery, DeliveryState } from './delivery.ts'

/**
 * Where deliveries live. One suite for every database: `test/contract/delivery-store.suite.ts`.
 *
 * Guarantees: whatever a promise here answered is durable. A delivery is claimed by one caller at a time: until the
 * lease ends nobody else gets it, and once another has claimed it the first can record nothing any more. All times are
 * the database's clock.
 */
export interface DeliveryStore {
  /** Applications with at least one delivery that is due, each with since when its oldest has been; oldest first. */
  listDueApplications(): Promise<DueApplication[]>

  /**
   * Deliveries of this application that are due, the oldest due first, each leased to `claim` for `lease`.
   *
   * @param claim a UUID of this call's own, by which the lease is known
   */
  claim(applicationId: string, limit: number, claim: string, lease: Milliseconds): Promise<ClaimedDelivery[]>

  /**
   * The attempt ended: keeps it and what follows, if the lease is still this claim's.
   *
   * @returns false when the lease was lost; nothing was written then
   */
  record(claim: string, attempt: Attempt, next: AfterAttempt): Promise<boolean>

  /** Gives back what was claimed and not attempted: due again at once. */
  release(claim: string, deliveryIds: readonly string[]): Promise<void>

  /**
   * The earliest time at which something is due or a lease ends; null when nothing is owed. Other nodes may owe something
   * earlier by then, so nobody should sleep for long on it.
   */
  nextDueAt(): Promise<{ readonly dueAt: Milliseconds | null; readonly now: Milliseconds }>

  /** For a test event, and whatever is owed without a payload changing. */
  add(delivery: OwedDelivery): Promise<void>

  /** With its attempts, in order. */
  find(id: string): Promise<{ readonly delivery: Delivery; readonly attempts: Attempt[] } | null>
  /** Newest first. */
  list(filter: DeliveryFilter): Promise<Delivery[]>

  /**
   * Owed again from now on with the same id and body, to where its application wants such webhooks by now.
   *
   * @returns false when there is nothing to repeat: there is no such delivery, one is under way just now, or it is not
   * due for the first time yet
   */
  redeliver(id: string): Promise<boolean>
  /** The same for everything that failed at or after `since`. @returns how many */
  redeliverFailed(since: Milliseconds, applicationId: string | null): Promise<number>

  /** Attempts that began longer ago than `age` go, at most `limit` of them. @returns how many went */
  forgetAttempts(age: Milliseconds, limit: number): Promise<number>

  /** For metrics: how many are due now, and how long ago the oldest undelivered was due for the first time. */
  backlog(): Promise<{ readonly due: number; readonly oldestAge: Milliseconds | null }>
}

export interface DueApplication {
  readonly applicationId: string
  readonly dueAt: Milliseconds
}

export interface ClaimedDelivery extends Delivery {
  /** The next attempt's trigger. */
  readonly trigger: Attempt['trigger']
  /** Attempts that ended since it became owed, by the change that caused it or, later, by hand. */
  readonly attemptsThisRound: number
}

/** What follows an attempt. */
export type AfterAttempt =
  | { readonly state: 'delivered' }
  | { readonly state: 'failed' }
  /** Due again after this wait. */
  | { readonly state: 'owed'; readonly wait: Milliseconds }

export interface DeliveryFilter {
  readonly applicationId?: string
  readonly payloadId?: string
  readonly state?: DeliveryState
  /** The id of the last one of the page before. */
  readonly before?: string
  /** At most 200. */
  readonly limit: number
}
