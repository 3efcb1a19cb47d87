import { noBusStats, type Bus, type Hint } from './bus.ts'

/** The bus of one node by itself: what is published is heard in the same process, a microtask later. */
export class MemoryBus implements Bus {
  readonly #listeners = new Map<string, (hint: Hint) => void>()

  readonly stats = noBusStats()

  publish(payloadId: string, hint: Hint): void {
    this.stats.published++
    // not at once: a listener's fault must not become the publisher's, whose change is committed
    queueMicrotask(() => this.#hear(payloadId, hint))
  }

  async join(payloadId: string, listener: (hint: Hint) => void): Promise<void> {
    this.#listeners.set(payloadId, listener)
  }

  async leave(payloadId: string): Promise<void> {
    this.#listeners.delete(payloadId)
  }

  onGap(): void {
    // nothing is ever lost within one process
  }

  isHealthy(): boolean {
    return true
  }

  async close(): Promise<void> {
    this.#listeners.clear()
  }

  #hear(payloadId: string, hint: Hint): void {
    const listener = this.#listeners.get(payloadId)
    if (listener === undefined) return
    this.stats.heard++
    listener(hint)
  }
}
