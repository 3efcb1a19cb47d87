/**
 * Thrown by storage when the database cannot be used just now: not reachable, no connection free in time, locked by
 * another process for too long, disk full. Trying again later may help; whether the write that met it took place is
 * unknown. The APIs answer the refusal `unavailable`. The message is for the operator's log and names no credentials.
 */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable'
}
