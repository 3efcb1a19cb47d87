import type { Facts } from '../payload/facts.ts'

/**
 * How nodes tell each other that a payload changed.
 *
 * The database is the truth, the bus is a hint: an implementation may drop, repeat, delay or reorder hints. Subscribers
 * do not notice, because facts are joined and reconciliation repairs what was lost.
 */
export type Hint =
  | { readonly kind: 'facts'; readonly facts: Facts }
  /** The application fetched the payload; told live only, recognised by the call so that nobody is told twice. */
  | { readonly kind: 'devappFetched'; readonly callId: string }

export interface Bus {
  /** Never throws and never waits: a hint that cannot be sent is lost, and counted. */
  publish(payloadId: string, hint: Hint): void

  /**
   * Hints for this payload from any node, this one included, until `leave`. Resolves once the subscription is in force:
   * what is published after that is heard, or lost for a reason that reconciliation repairs. A bus that cannot be reached
   * resolves all the same: subscribers wait for this before they are welcomed.
   */
  join(payloadId: string, listener: (hint: Hint) => void): Promise<void>

  leave(payloadId: string): Promise<void>

  /**
   * Called whenever hints may have been lost without a trace, after every reconnect for one: whoever has topics reads
   * them again. One listener, the hub's.
   */
  onGap(listener: () => void): void

  /** True while hints can be expected to arrive. */
  isHealthy(): boolean

  /** For metrics; they only ever rise. */
  readonly stats: Readonly<BusStats>

  close(): Promise<void>
}

export interface BusStats {
  /** Hints handed over for sending, and those of them that could not be sent. */
  published: number
  lost: number
  /** Hints that arrived, and those among them that were no hint of ours. */
  heard: number
  malformed: number
  /** How often the connection came back after it was lost. */
  reconnects: number
}

export const noBusStats = (): BusStats => ({ published: 0, lost: 0, heard: 0, malformed: 0, reconnects: 0 })
