import type { Bus, Hint } from './bus.ts'

/** The bus of one node by itself: what is published is heard in the same process, a microtask later. */
export class MemoryBus implements Bus {
  readonly #listeners = new Map<string, (hint: Hint) => void>()

  publish(payloadId: string, hint: Hint): void {
    // not at once: a listener's fault must not become the publisher's, whose change is committed
    queueMicrotask(() => this.#listeners.get(payloadId)?.(hint))
  }

  async join(payloadId: string, listener: (hint: Hint) => void): Promise<void> {
    this.#listeners.set(payloadId, listener)
  }

  async leave(payloadId: string): Promise<void> {
    this.#listeners.delete(payloadId)
  }

  isHealthy(): boolean {
    return true
  }

  async close(): Promise<void> {
    this.#listeners.clear()
  }
}
