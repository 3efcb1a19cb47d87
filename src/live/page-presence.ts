import type { Milliseconds } from '../clock.ts'

/**
 * Which payloads have a sign page open somewhere, as all nodes know it: rows with a lease, so that the pages of a node that
 * died are forgotten. One suite for every database: `test/contract/page-store.suite.ts`.
 */
export interface PageStore {
  /** In one transaction: this node has a page on these from now on for `lease`, and none any more on those. */
  write(nodeId: string, present: readonly string[], gone: readonly string[], lease: Milliseconds): Promise<void>

  /** Does any node have a page on this payload? */
  isPresent(payloadId: string): Promise<boolean>

  /** Removes what nodes that are gone have left. */
  sweep(): Promise<void>
}

export interface PagePresenceDependencies {
  readonly store: PageStore
  /** Of this process, and of no other. */
  readonly nodeId: string
  /** Is there one on this node just now? */
  readonly isHere: (payloadId: string) => boolean
  readonly onFault: (fault: unknown) => void
}

/** How long the pages of a node that died count as present. */
const lease: Milliseconds = 30_000

/** How often `renew` is to be called: twice may fail. */
export const renewInterval: Milliseconds = 10_000

/**
 * Tells all nodes of this node's sign pages: while the window that the user came from is open, it goes on to the
 * application, and the wallet does not (CONTRACT section 5).
 */
export class PagePresence {
  readonly #dependencies: PagePresenceDependencies
  /** Those that rows of this node speak of. */
  readonly #told = new Set<string>()
  /** Those whose rows have to be written. */
  readonly #changed = new Set<string>()
  #writing: Promise<void> | null = null

  constructor(dependencies: PagePresenceDependencies) {
    this.#dependencies = dependencies
  }

  /** A page of this payload came to this node, or left it. */
  note(payloadId: string): void {
    this.#changed.add(payloadId)
    this.#begin()
  }

  /** On this node or any other. */
  async isPresent(payloadId: string): Promise<boolean> {
    const { isHere, store } = this.#dependencies
    return isHere(payloadId) || store.isPresent(payloadId)
  }

  /** Keeps the rows of this node alive, and makes up for writes that failed. */
  async renew(): Promise<void> {
    for (const payloadId of this.#told) this.#changed.add(payloadId)
    this.#begin()
    await Promise.all([this.#writing, this.#dependencies.store.sweep()])
  }

  /** Resolves once what was noted is written, or has failed to be. */
  async settled(): Promise<void> {
    await this.#writing
  }

  #begin(): void {
    if (this.#changed.size > 0) this.#writing ??= this.#write()
  }

  /** One after the other: a page that left cannot overtake its coming. */
  async #write(): Promise<void> {
    const { store, nodeId, isHere, onFault } = this.#dependencies
    while (this.#changed.size > 0) {
      const batch = [...this.#changed]
      this.#changed.clear()
      const [present, gone] = [batch.filter(isHere), batch.filter((payloadId) => !isHere(payloadId))]
      try {
        await store.write(nodeId, present, gone, lease)
        for (const payloadId of present) this.#told.add(payloadId)
        for (const payloadId of gone) this.#told.delete(payloadId)
      } catch (fault) {
        for (const payloadId of batch) this.#changed.add(payloadId)
        onFault(fault)
        break
      }
    }
    this.#writing = null
  }
}
