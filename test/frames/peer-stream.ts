import { Duplex } from 'node:stream'

/** A connection whose other end is the test: it pushes what the peer sends. */
export class PeerStream extends Duplex {
  readonly #written: Buffer[] = []
  /** While true nothing is taken, as by a peer that does not read. */
  isStuck = false

  override _read(): void {
    // the test pushes
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    if (this.isStuck) return
    this.#written.push(Buffer.from(chunk))
    done()
  }

  /** Everything that the peer got. */
  get written(): Buffer {
    return Buffer.concat(this.#written)
  }
}
