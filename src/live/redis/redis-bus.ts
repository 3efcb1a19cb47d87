import { noBusStats, type Bus, type Hint } from '../bus.ts'
import type { BusReport } from '../bus-report.ts'
import { readHint, writeHint } from '../hint-text.ts'
import { RedisCluster } from './cluster.ts'
import { oneRedisServer, type RedisServers, type RedisServersOptions } from './servers.ts'
import { defaultRedisSettings, type RedisSettings } from './settings.ts'
import type { RedisUrls } from './urls.ts'

const prefix = 'countersign:'
const channelOf = (payloadId: string): string => prefix + payloadId

/**
 * Hints through the pub/sub of Redis, or of whatever speaks its protocol: a channel for each payload, subscribed while the
 * payload has a topic here. Nothing is kept in Redis, and nothing is kept for it: while it is away, hints are lost.
 */
export class RedisBus implements Bus {
  readonly stats = noBusStats()
  readonly #report: BusReport
  readonly #listeners = new Map<string, (hint: Hint) => void>()
  readonly #servers: RedisServers
  readonly #opened: Promise<void>
  #resolveOpened: () => void = () => undefined
  #onGap: () => void = () => undefined
  /** Until then nobody can have missed anything. */
  #isOpen = false
  #isOutage = false
  #failures = 0

  constructor(access: RedisUrls, report: BusReport, settings: RedisSettings) {
    this.#report = report
    const options: RedisServersOptions = {
      access,
      settings,
      wanted: () => Array.from(this.#listeners.keys(), channelOf),
      isWanted: (channel) => this.#listeners.has(channel.slice(prefix.length)),
      onMessage: (text, channel) => this.#hear(text, channel),
      onUp: (what) => this.#noticeUp(what),
      onDown: (reason) => this.#noticeDown(reason),
    }
    this.#servers = access.cluster ? new RedisCluster(options) : oneRedisServer(options)
    this.#opened = new Promise((resolve) => {
      const timer = settings.timers.start(settings.patience, () => this.#resolveOpened())
      this.#resolveOpened = () => {
        timer.close()
        this.#isOpen = true
        resolve()
      }
    })
  }

  /** Resolves once it is connected, cannot be, or has tried for as long as `patience`; it goes on trying. */
  opened(): Promise<void> {
    return this.#opened
  }

  publish(payloadId: string, hint: Hint): void {
    this.stats.published++
    const channel = channelOf(payloadId)
    const isOnItsWay = this.#servers.linkFor(channel)?.publish(channel, writeHint(hint), this.#countLost)
    if (isOnItsWay !== true) this.#countLost()
  }

  async join(payloadId: string, listener: (hint: Hint) => void): Promise<void> {
    this.#listeners.set(payloadId, listener)
    await this.#change(payloadId)
  }

  /** Does not wait for Redis: nothing more is heard from now on. */
  async leave(payloadId: string): Promise<void> {
    if (this.#listeners.delete(payloadId)) void this.#change(payloadId)
  }

  onGap(listener: () => void): void {
    this.#onGap = listener
  }

  /** Connections that ended or could not be opened. */
  get failures(): number {
    return this.#failures
  }

  isHealthy(): boolean {
    return this.#servers.isUp
  }

  async close(): Promise<void> {
    this.#listeners.clear()
    this.#servers.close()
    this.#resolveOpened()
  }

  readonly #countLost = (): void => {
    this.stats.lost++
  }

  async #change(payloadId: string): Promise<void> {
    const channel = channelOf(payloadId)
    await this.#servers.linkFor(channel)?.change(channel)
  }

  #hear(text: string, channel: string): void {
    const payloadId = channel.slice(prefix.length)
    const listener = this.#listeners.get(payloadId)
    // left, and Redis does not know yet
    if (listener === undefined) return
    this.stats.heard++
    const hint = readHint(text, payloadId)
    if (hint === null) this.stats.malformed++
    else this.#tell(listener, hint)
  }

  #tell(listener: (hint: Hint) => void, hint: Hint): void {
    try {
      listener(hint)
    } catch (error) {
      // a listener's fault is not the connection's
      this.#report.onFault(error)
    }
  }

  #noticeUp(what: 'connected' | 'moved'): void {
    const isWhole = this.#servers.isUp
    if (this.#isOpen) {
      if (what === 'connected') this.stats.reconnects++
      this.#onGap()
    }
    if (isWhole) this.#resolveOpened()
    if (!isWhole || !this.#isOutage) return
    this.#isOutage = false
    this.#report.onReturn()
  }

  #noticeDown(reason: Error): void {
    this.#failures++
    this.#resolveOpened()
    if (this.#isOutage) return
    this.#isOutage = true
    this.#report.onOutage(reason)
  }
}

/** Resolves also when Redis cannot be reached: the bus is not healthy then, and goes on trying. */
export const openRedisBus = async (
  access: RedisUrls,
  report: BusReport,
  settings: Partial<RedisSettings> = {},
): Promise<RedisBus> => {
  const bus = new RedisBus(access, report, { ...defaultRedisSettings, ...settings })
  await bus.opened()
  return bus
}
