/** Milliseconds since 1970-01-01T00:00:00Z, the one unit of time inside; the wire has its own (see each wire file). */
export type Milliseconds = number

/** Where a node reads the time. Tests move a clock of their own. */
export interface Clock {
  now(): Milliseconds
}

export const systemClock: Clock = { now: () => Date.now() }

/**
 * A node's view of the database's clock, which is the only one that decides.
 *
 * Every read that brings the database's time along is given to `observe`; between reads the local clock runs on with
 * the offset learned last.
 */
export class DatabaseClock implements Clock {
  readonly #local: Clock
  #offset: Milliseconds = 0

  constructor(local: Clock = systemClock) {
    this.#local = local
  }

  now(): Milliseconds {
    return this.#local.now() + this.#offset
  }

  /** How far the database's clock is ahead of this node's (negative: behind). */
  get offset(): Milliseconds {
    return this.#offset
  }

  /**
   * @param databaseNow the database's clock, at some moment while it was being asked
   * @param elapsed how long the asking took
   */
  observe(databaseNow: Milliseconds, elapsed: Milliseconds = 0): void {
    // a clock between the earliest and the latest that it can be is as right as anybody knows; a slow answer moves nothing
    const now = Math.min(Math.max(this.now(), databaseNow), databaseNow + elapsed)
    this.#offset = now - this.#local.now()
  }
}
