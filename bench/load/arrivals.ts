import { setTimeout } from 'node:timers/promises'

/** What was asked for and shall arrive as a frame, by key; how long each took. */
export class Arrivals {
  readonly times: number[] = []
  readonly #askedAt = new Map<string, number>()

  expect(key: string): void {
    this.#askedAt.set(key, performance.now())
  }

  arrive(key: string): void {
    const askedAt = this.#askedAt.get(key)
    if (askedAt === undefined) return
    this.times.push(performance.now() - askedAt)
    this.#askedAt.delete(key)
  }

  /** @throws when something does not arrive within the time */
  async all(seconds: number): Promise<void> {
    const deadline = performance.now() + seconds * 1_000
    while (this.#askedAt.size > 0) {
      if (performance.now() > deadline) throw new Error(`${this.#askedAt.size} frames did not arrive in ${seconds} s`)
      await setTimeout(10)
    }
  }
}
