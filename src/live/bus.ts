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

  /** True while hints can be expected to arrive. */
  isHealthy(): boolean

  close(): Promise<void>
}
