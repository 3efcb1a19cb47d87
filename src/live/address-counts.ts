/** How many sockets each address has on this node, over all payloads. */
export class AddressCounts {
  readonly #counts = new Map<string, number>()

  /** Addresses with at least one socket. */
  get size(): number {
    return this.#counts.size
  }

  of(address: string): number {
    return this.#counts.get(address) ?? 0
  }

  add(address: string): void {
    this.#counts.set(address, this.of(address) + 1)
  }

  remove(address: string): void {
    const left = this.of(address) - 1
    // addresses come and go: who has none must cost nothing
    if (left > 0) this.#counts.set(address, left)
    else this.#counts.delete(address)
  }
}
