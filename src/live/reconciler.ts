import type { DatabaseClock, Milliseconds } from '../clock.ts'
import type { ChangePosition, PayloadStore } from '../payload/payload-store.ts'
import type { Hub } from './hub.ts'
import type { Timers } from './timers.ts'

export interface ReconcilerDependencies {
  readonly hub: Pick<Hub, 'repair' | 'topicIds' | 'topicCount'>
  readonly store: Pick<PayloadStore, 'readChanges' | 'readOutlines'>
  /** Learns the database's time from every run. */
  readonly clock: DatabaseClock
  readonly timers: Timers
  /** How often it is run: how long a lost hint stays unnoticed at most. */
  readonly interval: Milliseconds
}

/** Every topic is read again within this time, whatever the changes say: the net below the net. */
const round: Milliseconds = 60_000

/** After a longer pause all topics are read rather than everything that changed meanwhile, which may be anything. */
const longestPause: Milliseconds = 30_000

/** Topics in one read. */
const batchSize = 1_000

/**
 * Repairs what the bus lost: reads which payloads changed lately and has the hub tell what it did not know. It alone keeps
 * several nodes together that share a database and have no bus.
 *
 * A run costs one indexed read of what changed since the last one, and one of a slice of the topics.
 */
export class Reconciler {
  readonly #dependencies: ReconcilerDependencies
  /** Null: changes were missed, or may have been. */
  #since: ChangePosition | null = null
  #readAt: Milliseconds
  #gap = false
  #nextOfRound: IterableIterator<string> | null = null

  constructor(dependencies: ReconcilerDependencies) {
    this.#dependencies = dependencies
    this.#readAt = dependencies.timers.now()
  }

  /** Hints may have been lost without a trace: the next run reads all topics. */
  noticeGap(): void {
    this.#gap = true
  }

  /** How long ago the last run that went well began. */
  get age(): Milliseconds {
    return this.#dependencies.timers.now() - this.#readAt
  }

  /** Not twice at the same time. Rejects with the store's fault; the next run then makes up for this one. */
  async run(): Promise<void> {
    const { hub, store, clock, timers } = this.#dependencies
    const begun = timers.now()
    const since = this.#gap || this.age > longestPause ? null : this.#since
    this.#gap = false
    // kept only by a run that goes well to its end
    this.#since = null
    const { changed, until, now } = await store.readChanges(since)
    clock.observe(now, timers.now() - begun)
    await hub.repair(changed)
    const due = since === null ? [...hub.topicIds()] : this.#slice()
    for (let first = 0; first < due.length; first += batchSize) {
      await hub.repair(await store.readOutlines(due.slice(first, first + batchSize)))
    }
    this.#since = until
    this.#readAt = begun
  }

  /** The next topics of this round. One iterator goes round all of them, through whatever comes and goes meanwhile. */
  #slice(): string[] {
    const { hub, interval } = this.#dependencies
    this.#nextOfRound ??= hub.topicIds()
    const size = Math.ceil((hub.topicCount * interval) / round)
    const slice: string[] = []
    while (slice.length < size) {
      const next = this.#nextOfRound.next()
      if (next.done) {
        this.#nextOfRound = null
        break
      }
      slice.push(next.value)
    }
    return slice
  }
}
