import { createClient } from '@redis/client'
import type { RedisSettings } from './settings.ts'
import type { RedisAddress, RedisUrls } from './urls.ts'
import type { Timer } from '../timers.ts'

export interface RedisConnectionOptions {
  readonly address: RedisAddress
  readonly access: Pick<RedisUrls, 'tls' | 'username' | 'password' | 'cluster'>
  readonly settings: RedisSettings
  readonly onMessage: (text: string, channel: string) => void
  /** The cluster gave the channel to another server, which has to be asked for it. */
  readonly onTaken: (channel: string) => void
  /** Called once, when it can be used no more; never before `open` was called. */
  readonly onEnd: (reason: Error) => void
}

/**
 * One connection to one Redis server, from its opening to its end; it never comes back, another takes its place. Whatever
 * is wrong with it ends it: the library's client would go on after faults that leave it out of step with the server.
 *
 * It speaks RESP3, where one connection both publishes and hears: a node that is heard can hear.
 */
export class RedisConnection {
  readonly #options: RedisConnectionOptions
  readonly #client: ReturnType<typeof client>
  /** Ends a socket that is still connecting, which the library's client forgets when it is destroyed. */
  readonly #socket = new AbortController()
  #watch: Timer | null = null
  #unansweredBytes = 0
  #ended: Error | null = null

  constructor(options: RedisConnectionOptions) {
    this.#options = options
    this.#client = client(options, this.#socket.signal)
    this.#client.on('error', (error: Error) => this.end(error))
    this.#client.on('sharded-channel-moved', options.onTaken)
  }

  /** Rejects with the reason of the end when it ends before. */
  async open(): Promise<void> {
    const { timers, silence } = this.#options.settings
    this.#watch = timers.start(silence, () => this.end(this.#noAnswer()))
    try {
      await this.#client.connect()
    } catch (error) {
      this.end(error as Error)
    }
    this.#throwWhenEnded()
    this.#watch.close()
    this.#beat()
  }

  /** @returns false when the hint is lost at once; one that is lost later is told to `onLost` */
  publish(channel: string, text: string, onLost: () => void): boolean {
    const size = channel.length + Buffer.byteLength(text)
    if (this.#unansweredBytes + size > this.#options.settings.unansweredBytes) return false
    this.#unansweredBytes += size
    const command = [this.#options.access.cluster ? 'SPUBLISH' : 'PUBLISH', channel, text]
    this.#client.sendCommand(command).then(
      () => (this.#unansweredBytes -= size),
      (error: unknown) => {
        this.#unansweredBytes -= size
        onLost()
        if (isRedirection(error)) this.#options.onTaken(channel)
        else this.end(error as Error)
      },
    )
    return true
  }

  /** In one command; in a cluster all of one slot. Resolves once the server confirmed it. */
  async subscribe(channels: string[]): Promise<void> {
    const { access, onMessage } = this.#options
    this.#throwWhenEnded()
    await (access.cluster ? this.#client.sSubscribe(channels, onMessage) : this.#client.subscribe(channels, onMessage))
  }

  async unsubscribe(channels: string[]): Promise<void> {
    const { access, onMessage } = this.#options
    this.#throwWhenEnded()
    await (access.cluster
      ? this.#client.sUnsubscribe(channels, onMessage)
      : this.#client.unsubscribe(channels, onMessage))
  }

  /** What the server knows of the cluster's slots, unchecked. */
  slots(): Promise<unknown> {
    return this.#client.sendCommand(['CLUSTER', 'SLOTS'])
  }

  end(reason: Error): void {
    if (this.#ended !== null) return
    this.#ended = new Error(describe(reason))
    this.#watch?.close()
    this.#client.destroy()
    this.#socket.abort()
    this.#options.onEnd(this.#ended)
  }

  /** Asks for a sign of life again and again. */
  #beat(): void {
    if (this.#ended !== null) return
    let answered = false
    this.#client.sendCommand(['PING']).then(
      () => (answered = true),
      (error: unknown) => this.end(error as Error),
    )
    const { timers, silence } = this.#options.settings
    this.#watch = timers.start(silence / 2, () => {
      // when this process stood still, the answer may lie there unread: one more turn of the loop reads it
      setImmediate(() => {
        if (answered) this.#beat()
        else this.end(this.#noAnswer())
      })
    })
  }

  /** The library's client would keep a subscription for a connection that never comes. */
  #throwWhenEnded(): void {
    if (this.#ended !== null) throw this.#ended
  }

  #noAnswer(): Error {
    return new Error(`no answer within ${this.#options.settings.silence / 1000} s`)
  }
}

/** The cluster has another server for this channel, or none just now. */
export const isRedirection = (error: unknown): boolean =>
  error instanceof Error && /^(MOVED|ASK|CLUSTERDOWN|TRYAGAIN) /.test(error.message)

const client = ({ address, access, settings }: RedisConnectionOptions, signal: AbortSignal) =>
  createClient({
    socket: {
      host: address.host,
      port: address.port,
      connectTimeout: settings.silence,
      // one connection, one life
      reconnectStrategy: false,
      signal,
      ...(access.tls ? { tls: true, ...(settings.ca === undefined ? {} : { ca: settings.ca }) } : {}),
    },
    ...(access.username === '' ? {} : { username: access.username }),
    ...(access.password === '' ? {} : { password: access.password }),
    name: 'countersign',
    RESP: 3,
    disableOfflineQueue: true,
    maintNotifications: 'disabled',
    // the library's is a timer for each command, and covers only the wait to be written
    commandOptions: { timeout: 0 },
  })

/** What may be logged. A server that is too old repeats the log-in in its complaint. */
const describe = (error: Error & { code?: string }): string => {
  if (/unknown command/i.test(error.message)) return 'the server does not know HELLO: Redis 6 or newer is needed'
  return error.message === '' ? (error.code ?? error.name) : error.message
}
