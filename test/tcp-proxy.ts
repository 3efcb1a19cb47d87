import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import type { Milliseconds } from '../src/clock.ts'
import { ProxiedDirection, type Passing } from './proxied-direction.ts'

/** A network path of the tests' own between any two parties, which can fail in the ways that networks do. */
export class TcpProxy {
  readonly #server: Server
  readonly #target: number
  readonly #connections = new Set<readonly [Socket, Socket]>()
  readonly #directions = new Set<ProxiedDirection>()
  #up: Passing = {}
  #down: Passing = {}

  private constructor(target: number) {
    this.#target = target
    // a half that ends is passed on like everything else
    this.#server = createServer({ allowHalfOpen: true }, (client) => this.#take(client))
  }

  /** @param target a port of 127.0.0.1 */
  static async start(target: number): Promise<TcpProxy> {
    const proxy = new TcpProxy(target)
    proxy.#server.listen(0, '127.0.0.1')
    await once(proxy.#server, 'listening')
    return proxy
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** Everything passes, at once. */
  pass(): void {
    this.set({})
  }

  /** Nothing passes and nothing is closed, as after a firewall lost its table; new connections are taken all the same. */
  pause(): void {
    this.set({ paused: true })
  }

  /** What holds for connections that exist and those to come, in both directions or one. */
  set(passing: Passing, direction: 'both' | 'up' | 'down' = 'both'): void {
    if (direction !== 'down') this.#up = passing
    if (direction !== 'up') this.#down = passing
    for (const one of this.#directions) one.change()
  }

  /** Breaks every connection on both sides. */
  reset(): void {
    for (const sides of this.#connections) for (const side of sides) side.resetAndDestroy()
  }

  async stop(): Promise<void> {
    this.reset()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #take(client: Socket): void {
    const target = connect({ port: this.#target, host: '127.0.0.1', allowHalfOpen: true })
    const sides = [client, target] as const
    this.#connections.add(sides)
    const up = new ProxiedDirection(client, target, () => this.#up)
    const down = new ProxiedDirection(target, client, () => this.#down)
    this.#directions.add(up).add(down)
    for (const side of sides) {
      side.setNoDelay(true)
      // whoever breaks one side breaks the other, unless the path hides it
      side.on('error', () => undefined)
      side.once('close', (broken) => {
        if (broken) for (const other of sides) other.resetAndDestroy()
        if (!sides.every(({ destroyed }) => destroyed)) return
        this.#connections.delete(sides)
        this.#directions.delete(up)
        this.#directions.delete(down)
      })
    }
  }
}

/** So many bytes at a time. */
export const trickle = (bytes: number, every: Milliseconds): Passing => ({ bytes, every })
