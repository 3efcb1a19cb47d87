import type { DatabaseClock, Milliseconds } from '../clock.ts'
import { DatabaseUnavailable } from '../database-unavailable.ts'
import type { Facts } from '../payload/facts.ts'
import type { PayloadStore } from '../payload/payload-store.ts'
import type { LiveStats } from './live-stats.ts'
import type { Timers } from './timers.ts'
import { admit } from './token-bucket.ts'

/** Reads under way at once: enough that one slow answer holds up nobody for long, few enough to leave connections free. */
const mostUnderWay = 2

/**
 * Reads per second in the long run, twice as many at once: reads are fast, so that without a bound of their own those who
 * trickle in by the thousand would each have one. It keeps a newcomer waiting for 10 ms at most.
 */
const readsPerSecond = 100

/** Payloads in one read: what it takes stays well below a tick of the keepalive. */
const mostTogether = 500

interface Waiting {
  readonly promise: Promise<Facts | null>
  readonly resolve: (facts: Facts | null) => void
  readonly reject: (fault: unknown) => void
}

export interface FactsReaderDependencies {
  readonly readFacts: PayloadStore['readFacts']
  /** Learns the database's time from every read. */
  readonly clock: DatabaseClock
  readonly timers: Timers
  readonly stats: Pick<LiveStats, 'reads' | 'payloadsRead'>
}

/**
 * Reads facts for many topics with few reads: who asks while reads are under way, or when there were many lately, is
 * answered together with others by the next one. So ten thousand sockets that come back over ten seconds cost a thousand reads
 * or so, and a single one does not wait.
 *
 * Every answer is from a read that began after it was asked for: a topic that has joined the bus misses nothing by it.
 */
export class FactsReader {
  readonly #dependencies: FactsReaderDependencies
  readonly #waiting = new Map<string, Waiting>()
  #underWay = 0
  /** Of the bucket of reads. */
  #fullAt: Milliseconds = 0
  #pausing = false

  constructor(dependencies: FactsReaderDependencies) {
    this.#dependencies = dependencies
  }

  /** @returns null when there is no such payload */
  read(payloadId: string): Promise<Facts | null> {
    let waiting = this.#waiting.get(payloadId)
    if (waiting === undefined) {
      this.#waiting.set(payloadId, (waiting = Promise.withResolvers<Facts | null>()))
      // who asks in the same breath is read along
      queueMicrotask(() => this.#begin())
    }
    return waiting.promise
  }

  #begin(): void {
    if (this.#waiting.size === 0 || this.#underWay >= mostUnderWay || this.#pausing) return
    const { timers } = this.#dependencies
    const fullAt = admit(this.#fullAt, timers.now(), readsPerSecond)
    if (fullAt === null) {
      this.#pausing = true
      timers.start(1000 / readsPerSecond, () => {
        this.#pausing = false
        this.#begin()
      })
      return
    }
    this.#fullAt = fullAt
    const batch = new Map([...this.#waiting].slice(0, mostTogether))
    for (const payloadId of batch.keys()) this.#waiting.delete(payloadId)
    this.#underWay++
    void this.#read(batch).then(() => {
      this.#underWay--
      this.#begin()
    })
  }

  /** Never rejects: a fault is for those who asked. */
  async #read(batch: ReadonlyMap<string, Waiting>): Promise<void> {
    const { readFacts, clock, timers, stats } = this.#dependencies
    stats.reads++
    stats.payloadsRead += batch.size
    const asked = timers.now()
    try {
      const found = await readFacts([...batch.keys()])
      if (found.length > 0) clock.observe(found[0]!.now, timers.now() - asked)
      for (const { payloadId, facts } of found) batch.get(payloadId)?.resolve(facts)
      // of the others there is no payload; who was answered is not answered again
      for (const { resolve } of batch.values()) resolve(null)
    } catch (fault) {
      if (batch.size === 1 || fault instanceof DatabaseUnavailable) {
        for (const { reject } of batch.values()) reject(fault)
      } else {
        // one payload's own fault: it must not become the others'
        for (const one of batch) await this.#read(new Map([one]))
      }
    }
  }
}
