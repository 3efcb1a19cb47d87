import type { Bus, Hint } from '../src/live/bus.ts'

/**
 * A bus that keeps every hint back until the test says what becomes of it: delivered now (so others overtake it), twice,
 * or never. What is not delivered when the payload is left is lost.
 */
export class UnreliableBus implements Bus {
  readonly #bus: Bus
  readonly #listeners = new Map<string, (hint: Hint) => void>()
  readonly #kept: { payloadId: string; hint: Hint }[] = []

  constructor(bus: Bus) {
    this.#bus = bus
  }

  /** How many hints wait for a decision. */
  get kept(): number {
    return this.#kept.length
  }

  /** @param which one of `kept`, the oldest being 0 */
  deliver(which: number): void {
    this.repeat(which)
    this.drop(which)
  }

  repeat(which: number): void {
    const { payloadId, hint } = this.#kept[which]!
    this.#listeners.get(payloadId)?.(hint)
  }

  drop(which: number): void {
    this.#kept.splice(which, 1)
  }

  publish(payloadId: string, hint: Hint): void {
    this.#bus.publish(payloadId, hint)
  }

  async join(payloadId: string, listener: (hint: Hint) => void): Promise<void> {
    this.#listeners.set(payloadId, listener)
    await this.#bus.join(payloadId, (hint) => this.#kept.push({ payloadId, hint }))
  }

  async leave(payloadId: string): Promise<void> {
    this.#listeners.delete(payloadId)
    await this.#bus.leave(payloadId)
  }

  onGap(listener: () => void): void {
    this.#bus.onGap(listener)
  }

  get stats(): Bus['stats'] {
    return this.#bus.stats
  }

  isHealthy(): boolean {
    return this.#bus.isHealthy()
  }

  close(): Promise<void> {
    return this.#bus.close()
  }
}
