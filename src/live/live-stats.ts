/** Counters of newcomers refused before the upgrade. */
export type RefusalCounter = Extract<keyof LiveStats, `refused${string}`>

/** What this node's live side has done since it started, and what it holds now. */
export interface LiveStats {
  /** Open connections, those that are closing included. */
  sockets: number
  /** Payloads with subscribers here, or that had some in the last seconds. */
  topics: number
  /** Messages sent. */
  framesSent: number
  /** Facts heard from the bus, a flow or a read, and how many of them said something new. */
  joins: number
  joinsWithNews: number
  /** Reads of facts, and how many payloads they were asked for. */
  reads: number
  payloadsRead: number
  /** News that reconciliation brought before any hint did. */
  repaired: number
  /** Subscribers cut off or closed, by reason. */
  slowReaders: number
  halfOpen: number
  tooManyMessages: number
  gaveWay: number
  /** Newcomers refused before the upgrade, by reason (`admission.ts`). */
  refusedDraining: number
  refusedNodeFull: number
  refusedAddressOnNode: number
  refusedAddressOnPayload: number
}

export const noStats = (): LiveStats => ({
  sockets: 0,
  topics: 0,
  framesSent: 0,
  joins: 0,
  joinsWithNews: 0,
  reads: 0,
  payloadsRead: 0,
  repaired: 0,
  slowReaders: 0,
  halfOpen: 0,
  tooManyMessages: 0,
  gaveWay: 0,
  refusedDraining: 0,
  refusedNodeFull: 0,
  refusedAddressOnNode: 0,
  refusedAddressOnPayload: 0,
})
