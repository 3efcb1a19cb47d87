import type { Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import type { Milliseconds } from '../src/clock.ts'

/** How bytes get through; at once where nothing is said. */
export interface Passing {
  /** Nothing is read and nothing is written, and nothing is closed. */
  readonly paused?: boolean
  /** Between arriving and leaving. */
  readonly delay?: Milliseconds
  /** At most so many bytes at a time, one time in so many milliseconds. */
  readonly bytes?: number
  readonly every?: Milliseconds
}

/** One direction of one connection through a proxy. Order is kept, and little is held: who sends too much must wait. */
export class ProxiedDirection {
  readonly #from: Socket
  readonly #to: Socket
  readonly #passing: () => Passing
  /** Null is the end. */
  readonly #held: { readonly chunk: Buffer | null; readonly at: Milliseconds }[] = []
  #heldBytes = 0
  #forwarding = false

  constructor(from: Socket, to: Socket, passing: () => Passing) {
    this.#from = from
    this.#to = to
    this.#passing = passing
    from.on('data', (chunk: Buffer) => this.#hold(chunk))
    from.once('end', () => this.#hold(null))
    this.change()
  }

  /** Looks again at how bytes pass. */
  change(): void {
    this.#readOrNot()
    void this.#forward()
  }

  #hold(chunk: Buffer | null): void {
    this.#held.push({ chunk, at: performance.now() })
    this.#heldBytes += chunk?.length ?? 0
    this.#readOrNot()
    void this.#forward()
  }

  #readOrNot(): void {
    if (this.#passing().paused === true || this.#heldBytes > mostHeld) this.#from.pause()
    else this.#from.resume()
  }

  async #forward(): Promise<void> {
    if (this.#forwarding) return
    this.#forwarding = true
    for (;;) {
      const next = this.#held[0]
      const { paused = false, delay = 0, bytes = Infinity, every = 0 } = this.#passing()
      if (next === undefined || paused || this.#to.destroyed) break
      const wait = next.at + delay - performance.now()
      if (wait > 0) {
        await setTimeout(wait)
        continue
      }
      this.#held.shift()
      if (next.chunk === null) {
        this.#to.end()
        break
      }
      const now = next.chunk.subarray(0, bytes)
      if (now.length < next.chunk.length) this.#held.unshift({ ...next, chunk: next.chunk.subarray(now.length) })
      this.#heldBytes -= now.length
      if (!this.#to.write(now)) await drained(this.#to)
      this.#readOrNot()
      if (every > 0) await setTimeout(every)
    }
    this.#forwarding = false
  }
}

const drained = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      socket.off('drain', done).off('close', done)
      resolve()
    }
    socket.once('drain', done).once('close', done)
  })

const mostHeld = 64 * 1024
