import type { Milliseconds } from '../clock.ts'
import type { LiveSettings } from './live-settings.ts'
import type { LiveStats } from './live-stats.ts'
import type { AddressCounts } from './address-counts.ts'
import { devappFetched, rightBack, type Frame } from './frames.ts'
import { closeCodes, type CloseCode, type SocketListener, type StatusSocket } from './status-socket.ts'
import type { Timers } from './timers.ts'
import { admit } from './token-bucket.ts'

/** The part of a topic that its subscribers see. */
export interface SubscriberHome {
  readonly context: SubscriberContext
  /** What a subscriber is told every round. */
  keepaliveFrame(): Frame
  /** The subscriber says that it is the originating browser window. */
  noticePage(): void
  /** The subscriber leaves; called once. */
  remove(subscriber: Subscriber): void
}

export interface SubscriberContext {
  readonly settings: LiveSettings
  readonly stats: LiveStats
  readonly timers: Timers
  readonly addresses: AddressCounts
  readonly onSocketGone: () => void
}

/** `{"page":true}`, the announcement of the sign page, however it is spaced; nothing longer is looked at. */
const pageAnnouncement = /^\s*\{\s*"page"\s*:\s*true\s*\}\s*$/
const longestAnnouncement = 64

/** One socket that watches one payload. There are many of these: no timers, closures or collections of its own. */
export class Subscriber implements SocketListener {
  /** Whose limit on sockets it counts against. */
  readonly address: string
  /** Where the keepalive wheel keeps it; the topic's to set. */
  slot = -1
  readonly #socket: StatusSocket
  readonly #home: SubscriberHome
  #gone = false
  #page = false
  #firstMessage = true
  /** Nothing was heard since the last ping when false. */
  #heard = true
  #rateFullAt: Milliseconds = 0
  /** What may only follow the welcome; null once that was sent. */
  #waiting: Frame[] | null = []

  constructor(socket: StatusSocket, address: string, home: SubscriberHome) {
    this.#socket = socket
    this.#home = home
    this.address = address
    socket.listener = this
    home.context.stats.sockets++
    home.context.addresses.add(address)
  }

  /** The originating browser window: its first message said so. */
  get isPage(): boolean {
    return this.#page
  }

  /** @param count how many messages `frames` holds */
  welcome(frames: Frame, count: number): void {
    const waiting = this.#waiting ?? []
    this.#waiting = null
    this.#send(frames, count)
    for (const frame of waiting) this.#send(frame, 1)
  }

  /** Facts, in order. Whoever was not welcomed yet will be told them with the welcome. */
  tell(frames: Frame, count: number): void {
    if (this.#waiting === null) this.#send(frames, count)
  }

  tellFetched(): void {
    this.#sendAfterWelcome(devappFetched)
  }

  /** One round of the keepalive wheel: who was silent since the last one is no longer there. */
  keepalive(): void {
    if (!this.#heard) {
      this.#home.context.stats.halfOpen++
      this.#cutOff()
      return
    }
    this.#heard = false
    this.#send(this.#home.keepaliveFrame(), 1)
  }

  close(code: CloseCode, reason: string): void {
    if (this.#gone) return
    this.#leave()
    this.#socket.close(code, reason)
  }

  onMessage(data: Buffer): void {
    if (!this.#admit()) return
    if (this.#firstMessage) {
      this.#firstMessage = false
      this.#page = data.length <= longestAnnouncement && pageAnnouncement.test(data.toString('latin1'))
      if (this.#page) this.#home.noticePage()
    }
    this.#sendAfterWelcome(rightBack)
  }

  onPing(): void {
    this.#admit()
  }

  onPong(): void {
    this.#admit()
  }

  onClose(): void {
    if (!this.#gone) this.#leave()
    const { stats, addresses, onSocketGone } = this.#home.context
    stats.sockets--
    addresses.remove(this.address)
    onSocketGone()
  }

  /** Something came from the client; false when it must not be answered. */
  #admit(): boolean {
    if (this.#gone) return false
    this.#heard = true
    const { settings, stats, timers } = this.#home.context
    const fullAt = admit(this.#rateFullAt, timers.now(), settings.clientMessageRate)
    if (fullAt === null) {
      stats.tooManyMessages++
      this.close(closeCodes.policyViolation, `more than ${settings.clientMessageRate} messages per second`)
      return false
    }
    this.#rateFullAt = fullAt
    return true
  }

  #sendAfterWelcome(frame: Frame): void {
    if (this.#waiting === null) this.#send(frame, 1)
    else this.#waiting.push(frame)
  }

  #send(frames: Frame, count: number): void {
    if (this.#gone) return
    const { settings, stats } = this.#home.context
    if (this.#socket.bufferedAmount > settings.slowReaderBytes) {
      stats.slowReaders++
      this.#cutOff()
      return
    }
    this.#socket.write(frames)
    stats.framesSent += count
  }

  #cutOff(): void {
    this.#leave()
    this.#socket.terminate()
  }

  #leave(): void {
    this.#gone = true
    this.#home.remove(this)
  }
}
