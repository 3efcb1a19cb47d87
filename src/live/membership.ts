import type { Bus, Hint } from './bus.ts'

/**
 * Which payloads' hints this node hears. Joining and leaving one payload happen one after the other, in the order they
 * were asked for: a leave that is still on its way cannot undo the join that came after it.
 */
export class Membership {
  readonly #bus: Bus
  readonly #last = new Map<string, Promise<void>>()

  constructor(bus: Bus) {
    this.#bus = bus
  }

  join(payloadId: string, listener: (hint: Hint) => void): Promise<void> {
    return this.#next(payloadId, () => this.#bus.join(payloadId, listener))
  }

  leave(payloadId: string): Promise<void> {
    return this.#next(payloadId, () => this.#bus.leave(payloadId))
  }

  /** Resolves once everything asked for so far was done or failed. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#last.values())
  }

  #next(payloadId: string, step: () => Promise<void>): Promise<void> {
    const before = this.#last.get(payloadId)
    const next = before === undefined ? step() : before.then(step, step)
    this.#last.set(payloadId, next)
    const forget = (): void => {
      if (this.#last.get(payloadId) === next) this.#last.delete(payloadId)
    }
    next.then(forget, forget)
    return next
  }
}
