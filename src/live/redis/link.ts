import { backoff } from '../../backoff.ts'
import { RedisConnection } from './connection.ts'
import type { RedisSettings } from './settings.ts'
import { RedisSubscriptions } from './subscriptions.ts'
import type { RedisAddress, RedisUrls } from './urls.ts'
import type { Timer } from '../timers.ts'

export interface RedisLinkOptions {
  readonly address: RedisAddress
  readonly access: RedisUrls
  readonly settings: RedisSettings
  /** All that this link shall hear, as of now. */
  readonly wanted: () => Iterable<string>
  readonly isWanted: (channel: string) => boolean
  readonly onMessage: (text: string, channel: string) => void
  /** Everything wanted is subscribed, for the first time or again. */
  readonly onUp: () => void
  /** A connection has ended or could not be opened; the next one is on its way. */
  readonly onDown: (reason: Error) => void
  /** The cluster has another server for something that was asked of this one. */
  readonly onTaken: () => void
}

/** A lasting way to one Redis server: one connection after another, for ever. */
export class RedisLink {
  readonly #options: RedisLinkOptions
  #connection: RedisConnection | null = null
  /** Of the connection that is open. */
  #subscriptions: RedisSubscriptions | null = null
  #isUp = false
  #failures = 0
  #retry: Timer | null = null
  #closed = false

  constructor(options: RedisLinkOptions) {
    this.#options = options
    void this.#connect()
  }

  /** Connected, and everything wanted is subscribed. */
  get isUp(): boolean {
    return this.#isUp
  }

  /** While there is no connection it resolves at once: on the next one, everything wanted is subscribed. */
  async change(channel: string): Promise<void> {
    await this.#subscriptions?.change(channel)
  }

  async settle(): Promise<void> {
    await this.#subscriptions?.settle(this.#options.wanted())
  }

  publish(channel: string, text: string, onLost: () => void): boolean {
    if (this.#connection === null || this.#subscriptions === null) return false
    return this.#connection.publish(channel, text, onLost)
  }

  /** What its server knows of the cluster; null while there is no connection. */
  slots(): Promise<unknown> | null {
    return this.#subscriptions === null ? null : this.#connection!.slots()
  }

  close(): void {
    this.#closed = true
    this.#retry?.close()
    this.#connection?.end(new Error('closed'))
  }

  async #connect(): Promise<void> {
    const { address, access, settings, isWanted, onMessage, onUp, onTaken, wanted } = this.#options
    const connection = new RedisConnection({
      address,
      access,
      settings,
      onMessage,
      onTaken: (channel) => {
        this.#subscriptions?.forget(channel)
        onTaken()
      },
      onEnd: (reason) => this.#end(reason),
    })
    this.#connection = connection
    try {
      await connection.open()
      const { cluster: isCluster } = access
      this.#subscriptions = new RedisSubscriptions({ connection, isWanted, onTaken, settings, isCluster })
      await this.#subscriptions.settle(wanted())
      this.#isUp = true
      this.#failures = 0
      onUp()
    } catch {
      // it has ended, and its end is dealt with
    }
  }

  #end(reason: Error): void {
    this.#connection = null
    this.#subscriptions = null
    this.#isUp = false
    if (this.#closed) return
    this.#failures++
    const { settings, onDown } = this.#options
    this.#retry = settings.timers.start(backoff(this.#failures, settings.random()), () => void this.#connect())
    onDown(reason)
  }
}
