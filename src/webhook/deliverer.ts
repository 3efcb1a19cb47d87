import type { Milliseconds } from '../clock.ts'
import { startPeriodicTask, type PeriodicTask } from '../periodic-task.ts'
import type { Attempt } from './delivery.ts'
import type { AfterAttempt, ClaimedDelivery, DeliveryStore } from './delivery-store.ts'

/** How an attempt ended, and what follows. */
export interface EndedAttempt {
  readonly attempt: Attempt
  readonly next: AfterAttempt
}

export interface DelivererSettings {
  /** Attempts under way at once on this node. */
  readonly concurrency: number
  /** Attempts under way at once for one application, so that a slow receiver holds up nobody else. */
  readonly concurrencyPerApplication: number
  /** Longer than the longest attempt; after a crash the delivery is attempted again when it ends. */
  readonly lease: Milliseconds
  /** How often what is due by the clock is looked for; what a change makes owed wakes it at once. */
  readonly interval: Milliseconds
}

export interface DelivererDependencies {
  readonly store: Pick<DeliveryStore, 'listDueApplications' | 'claim' | 'record' | 'release'>
  /** Never throws for anything a receiver does; ends early, without a record, when the signal says so. */
  readonly attempt: (delivery: ClaimedDelivery, signal: AbortSignal) => Promise<EndedAttempt | null>
  readonly settings: DelivererSettings
  /** A new random UUID: whose claim it is. */
  readonly newId: () => string
  readonly onFault: (fault: unknown) => void
}

/**
 * Works off what is owed: claims deliveries that are due under a lease, attempts them, records what happened.
 *
 * Applications take turns, each with a bounded number of attempts under way, the oldest due first within one. Nothing is
 * kept here that the database does not have: a crash costs a lease.
 */
export class Deliverer {
  readonly #dependencies: DelivererDependencies
  readonly #underWay = new Map<string, UnderWay>()
  readonly #stopping = new AbortController()
  readonly #task: PeriodicTask
  #claiming = true

  constructor(dependencies: DelivererDependencies) {
    this.#dependencies = dependencies
    this.#task = startPeriodicTask(() => this.#claimDue(), dependencies.settings.interval, dependencies.onFault)
  }

  /** Something became due, or an attempt ended. */
  wake(): void {
    this.#task.wake()
  }

  /** How many attempts are under way. */
  get attemptsUnderWay(): number {
    return this.#underWay.size
  }

  /** Claims nothing more and waits for the attempts under way; what is not done within the grace is given back. */
  async stop(grace: Milliseconds): Promise<void> {
    this.#claiming = false
    await this.#task.stop()
    const cutOff = setTimeout(() => this.#stopping.abort(), grace)
    await Promise.all([...this.#underWay.values()].map(({ done }) => done))
    clearTimeout(cutOff)
  }

  async #claimDue(): Promise<void> {
    const { store, settings, newId } = this.#dependencies
    if (this.#free() <= 0) return
    const due = await store.listDueApplications()
    for (const [index, { applicationId }] of due.entries()) {
      if (!this.#claiming) return
      const places = Math.min(this.#fairShare(due.length - index), this.#freeFor(applicationId))
      if (places <= 0) continue
      const claim = newId()
      const claimed = await store.claim(applicationId, places, claim, settings.lease)
      for (const delivery of claimed) this.#begin(delivery, claim)
    }
  }

  #free(): number {
    return this.#dependencies.settings.concurrency - this.#underWay.size
  }

  #freeFor(applicationId: string): number {
    const taken = [...this.#underWay.values()].filter((one) => one.applicationId === applicationId).length
    return this.#dependencies.settings.concurrencyPerApplication - taken
  }

  /** Of the free places, what the next of so many waiting applications may take. */
  #fairShare(waiting: number): number {
    return Math.ceil(this.#free() / waiting)
  }

  #begin(delivery: ClaimedDelivery, claim: string): void {
    const done = this.#attempt(delivery, claim)
      .catch(this.#dependencies.onFault)
      .then(() => {
        this.#underWay.delete(delivery.id)
        this.wake()
      })
    this.#underWay.set(delivery.id, { applicationId: delivery.applicationId, done })
  }

  async #attempt(delivery: ClaimedDelivery, claim: string): Promise<void> {
    const { store, attempt } = this.#dependencies
    const ended = await attempt(delivery, this.#stopping.signal)
    if (ended === null) await store.release(claim, [delivery.id])
    else await store.record(claim, ended.attempt, ended.next)
  }
}

interface UnderWay {
  readonly applicationId: string
  readonly done: Promise<void>
}
