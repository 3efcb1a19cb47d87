import type { Milliseconds } from '../clock.ts'

/** The bounds on everything a subscriber controls, and the times this folder keeps. */
export interface LiveSettings {
  /** Bytes of one client message; more is answered with close code 1009. */
  readonly clientMessageBytes: number
  /** Messages per second in the long run, pings and pongs included; more is answered with close code 1008. */
  readonly clientMessageRate: number
  /** Bytes that may wait for a slow reader; who lags further behind is cut off. */
  readonly slowReaderBytes: number
  /** When reached, the oldest socket of the address with most gives way (1013). */
  readonly socketsPerPayload: number
  /** Sockets of one address on one payload; more are refused with HTTP 429. */
  readonly socketsPerAddress: number
  /** Sockets of one address on this node, over all payloads; more are refused with HTTP 429. */
  readonly socketsPerAddressOnNode: number
  /** Sockets of this node; more are refused with HTTP 503. */
  readonly socketsPerNode: number
  /** Between two messages about the seconds left, and two WebSocket pings. */
  readonly keepalive: Milliseconds
  /** How long a topic stays after its last socket left. */
  readonly linger: Milliseconds
  /** How often the database is asked what changed lately: how long a lost hint stays unnoticed at most. */
  readonly reconcileInterval: Milliseconds
  /** How long a peer may take to answer the closing handshake. */
  readonly closeTimeout: Milliseconds
}

/** Sources: CONTRACT sections 1 and 6; `socketsPerAddressOnNode`, `socketsPerNode` and `closeTimeout` are our choice. */
export const defaultLiveSettings: LiveSettings = {
  clientMessageBytes: 4096,
  clientMessageRate: 20,
  slowReaderBytes: 64 * 1024,
  socketsPerPayload: 256,
  socketsPerAddress: 32,
  socketsPerAddressOnNode: 5_000,
  socketsPerNode: 50_000,
  keepalive: 15_000,
  linger: 5_000,
  reconcileInterval: 1_000,
  closeTimeout: 3_000,
}
