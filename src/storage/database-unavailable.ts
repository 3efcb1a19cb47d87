/**
 * The database cannot be used just now: not reachable, connection lost, no connection free in time, locked by another
 * process for too long, disk full. Trying again later may help. Whether the write that met it took place is unknown.
 *
 * The message is for the operator's log and names no credentials; the HTTP layer answers the refusal `unavailable`.
 */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable'
}
