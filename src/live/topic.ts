import { secondsLeft } from '../payload/expiry.ts'
import { joinFacts, knowsLess, newAnnouncements, type Facts, type Outline } from '../payload/facts.ts'
import { Alarm } from './alarm.ts'
import type { Hint } from './bus.ts'
import {
  announcementFrame,
  expired,
  expiresIn,
  keepalive,
  ping,
  unknownPayload,
  welcome,
  type Frame,
} from './frames.ts'
import { whoGivesWay } from './give-way.ts'
import type { LiveContext } from './live-context.ts'
import { closeCodes, type CloseCode, type StatusSocket } from './status-socket.ts'
import { Subscriber, type SubscriberHome } from './subscriber.ts'
import type { Timer } from './timers.ts'

/** How many of the application's latest calls are recognised when a hint about them comes again. */
const rememberedCalls = 256

/**
 * One payload that has subscribers on this node: what is known of it, and who is told.
 *
 * It joins the bus before it reads the database, so that nothing falls between. Whatever arrives, from the bus, a flow
 * of this node or a read, is joined into the facts; what the join adds is told, in canonical order. So repeats and
 * disorder do nothing, a newcomer is told the facts so far, and nobody is told twice.
 */
export class Topic implements SubscriberHome {
  readonly id: string
  readonly context: LiveContext
  readonly #alarm: Alarm
  /** In the order they came. */
  readonly #subscribers: Subscriber[] = []
  /** What is known; before the topic is ready only what hints said. */
  #facts: Facts | null = null
  #state: 'loading' | 'ready' | 'ended' = 'loading'
  /** Subscribers were told that it expired; whatever the clock says later, it stays so. */
  #expired = false
  #lingering: Timer | null = null
  #calls: Set<string> | null = null

  constructor(id: string, context: LiveContext) {
    this.id = id
    this.context = context
    this.#alarm = new Alarm(context.clock, context.timers, () => this.#noticeExpiry())
    void this.#load()
  }

  add(socket: StatusSocket, address: string): Subscriber {
    this.#lingering?.close()
    this.#lingering = null
    this.#makeRoom()
    const subscriber = new Subscriber(socket, address, this)
    subscriber.slot = this.context.wheel.add(subscriber)
    this.#subscribers.push(subscriber)
    if (this.#state === 'ready') this.#welcome(subscriber)
    return subscriber
  }

  remove(subscriber: Subscriber): void {
    this.context.wheel.remove(subscriber, subscriber.slot)
    this.#subscribers.splice(this.#subscribers.indexOf(subscriber), 1)
    if (subscriber.isPage) this.noticePage()
    if (this.#state === 'ready') this.#lingerIfEmpty()
  }

  /** Of a payload that may not exist nobody is told. */
  noticePage(): void {
    if (this.#state === 'ready') this.context.onPage(this.id)
  }

  /**
   * A hint, or what a read of the database said; how often and in which order does not matter.
   *
   * @returns whether subscribers learned something by it
   */
  hear(hint: Hint): boolean {
    if (this.#state === 'ended') return false
    return hint.kind === 'facts' ? this.#learn(hint.facts) : this.#tellFetched(hint.callId)
  }

  /** Somebody knows more than this topic; while it still reads, that what it reads may be older. */
  lacks(outline: Outline): boolean {
    return this.#state !== 'ended' && knowsLess(this.#facts, outline)
  }

  keepaliveFrame(): Frame {
    if (this.#state !== 'ready') return ping
    this.#noticeExpiry()
    return keepalive(this.#secondsLeft())
  }

  countFrom(address: string): number {
    return this.#subscribers.filter((subscriber) => subscriber.address === address).length
  }

  get hasPage(): boolean {
    return this.#subscribers.some((subscriber) => subscriber.isPage)
  }

  get subscribers(): readonly Subscriber[] {
    return this.#subscribers
  }

  /** Forgets everything and leaves the bus. */
  end(): void {
    if (this.#state === 'ended') return
    this.#state = 'ended'
    this.#alarm.stop()
    this.#lingering?.close()
    this.context.onTopicEnded(this.id)
    this.context.membership.leave(this.id).catch(this.context.onFault)
  }

  async #load(): Promise<void> {
    try {
      await this.context.membership.join(this.id, (hint) => this.hear(hint))
      const read = await this.context.facts.read(this.id)
      if (this.#isEnded()) return
      if (read !== null) this.#learn(read)
      if (this.#facts === null) this.#dismiss()
      else this.#becomeReady()
    } catch (error) {
      // a database that was closed while shutting down is no news
      if (this.#isEnded()) return
      this.context.onFault(error)
      this.#endWith(closeCodes.fault, 'the status cannot be read just now')
    }
  }

  /** A method, since the state changes during awaits, which narrowing does not see. */
  #isEnded(): boolean {
    return this.#state === 'ended'
  }

  #becomeReady(): void {
    this.#state = 'ready'
    if (this.hasPage) this.noticePage()
    this.#watchExpiry()
    for (const subscriber of [...this.#subscribers]) this.#welcome(subscriber)
    this.#lingerIfEmpty()
  }

  #dismiss(): void {
    for (const subscriber of [...this.#subscribers]) subscriber.welcome(unknownPayload(this.id), 1)
    this.#endWith(closeCodes.done, 'no such payload')
  }

  #endWith(code: CloseCode, reason: string): void {
    this.end()
    for (const subscriber of [...this.#subscribers]) subscriber.close(code, reason)
  }

  #welcome(subscriber: Subscriber): void {
    this.#noticeExpiry()
    const frames = [
      welcome(this.id),
      this.#expired ? expired : expiresIn(this.#secondsLeft()),
      ...newAnnouncements(null, this.#facts!).map((one) => announcementFrame(one, this.#facts!)),
    ]
    subscriber.welcome(Buffer.concat(frames), frames.length)
  }

  #learn(heard: Facts): boolean {
    const { stats } = this.context
    stats.joins++
    const before = this.#facts
    const after = before === null ? heard : joinFacts(before, heard)
    this.#facts = after
    if (this.#state !== 'ready') return false
    const news = newAnnouncements(before, after)
    const isSooner = before === null || after.expiry < before.expiry
    this.#tell(news.map((one) => announcementFrame(one, after)))
    if (isSooner) this.#watchExpiry()
    const isNews = news.length > 0 || isSooner
    if (isNews) stats.joinsWithNews++
    return isNews
  }

  #tell(frames: Frame[]): void {
    if (frames.length === 0) return
    const together = frames.length === 1 ? frames[0]! : Buffer.concat(frames)
    for (const subscriber of [...this.#subscribers]) subscriber.tell(together, frames.length)
  }

  #tellFetched(callId: string): boolean {
    const calls = (this.#calls ??= new Set())
    if (calls.has(callId)) return false
    calls.add(callId)
    const [oldest] = calls
    if (calls.size > rememberedCalls) calls.delete(oldest!)
    for (const subscriber of [...this.#subscribers]) subscriber.tellFetched()
    return true
  }

  #watchExpiry(): void {
    if (!this.#noticeExpiry()) this.#alarm.set(this.#facts!.expiry)
  }

  /** Tells of the expiry once, as soon as anybody looks at the clock. */
  #noticeExpiry(): boolean {
    if (this.#expired) return true
    if (this.context.clock.now() < this.#facts!.expiry) return false
    this.#expired = true
    this.#alarm.stop()
    this.#tell([expired])
    return true
  }

  #secondsLeft(): number {
    const seconds = secondsLeft(this.#facts!.expiry, this.context.clock.now())
    // a clock that was set back does not bring it back to life
    return this.#expired ? Math.min(seconds, 0) : seconds
  }

  #makeRoom(): void {
    const { settings, stats } = this.context
    if (this.#subscribers.length < settings.socketsPerPayload) return
    stats.gaveWay++
    whoGivesWay(this.#subscribers).close(closeCodes.tryAgainLater, 'the place is needed by a newcomer')
  }

  #lingerIfEmpty(): void {
    if (this.#subscribers.length > 0 || this.#lingering !== null) return
    const { timers, settings } = this.context
    this.#lingering = timers.start(settings.linger, () => this.end())
  }
}
