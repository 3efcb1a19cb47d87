import type { DatabaseClock, Milliseconds } from '../clock.ts'
import type { Facts, Outline } from '../payload/facts.ts'
import type { Announcer } from '../payload/flow-dependencies.ts'
import type { PayloadStore } from '../payload/payload-store.ts'
import { AddressCounts } from './address-counts.ts'
import type { Bus, Hint } from './bus.ts'
import { FactsReader } from './facts-reader.ts'
import { KeepaliveWheel } from './keepalive-wheel.ts'
import type { LiveContext } from './live-context.ts'
import type { LiveSettings } from './live-settings.ts'
import { noStats, type LiveStats, type RefusalCounter } from './live-stats.ts'
import { Membership } from './membership.ts'
import { spread } from './spread.ts'
import { closeCodes, type StatusSocket } from './status-socket.ts'
import type { Subscriber } from './subscriber.ts'
import { Topic } from './topic.ts'
import type { Timers } from './timers.ts'

export interface HubDependencies {
  readonly settings: LiveSettings
  readonly bus: Bus
  readonly clock: DatabaseClock
  readonly timers: Timers
  readonly readFacts: PayloadStore['readFacts']
  readonly onFault: (error: unknown) => void
  /** A sign page of this payload came or left: `hasPage` may answer otherwise. */
  readonly onPage: (payloadId: string) => void
}

/** This node's subscribers, by payload, and the way to tell those of all nodes. */
export class Hub implements Announcer {
  readonly #bus: Bus
  readonly #context: LiveContext
  readonly #topics = new Map<string, Topic>()
  /** Set while draining: resolves it once the last socket is gone. */
  #lastSocketGone: (() => void) | null = null
  #draining = false

  constructor({ settings, bus, clock, timers, readFacts, onFault, onPage }: HubDependencies) {
    this.#bus = bus
    const stats = noStats()
    this.#context = {
      settings,
      clock,
      timers,
      facts: new FactsReader({ readFacts, clock, timers, stats }),
      onFault,
      onPage,
      stats,
      addresses: new AddressCounts(),
      membership: new Membership(bus),
      wheel: new KeepaliveWheel(timers, settings.keepalive, (subscriber) => subscriber.keepalive()),
      onTopicEnded: (payloadId) => void this.#topics.delete(payloadId),
      onSocketGone: () => this.#noticeLastSocket(),
    }
  }

  /** What a flow changed, after the commit. Subscribers of this node are told without waiting for the bus. */
  announce(payloadId: string, facts: Facts): void {
    this.#publish(payloadId, { kind: 'facts', facts })
  }

  /** The application fetched the payload by this call. */
  announceFetched(payloadId: string, callId: string): void {
    this.#publish(payloadId, { kind: 'devappFetched', callId })
  }

  /**
   * What the database said of payloads: those that have subscribers here who know less are read whole, and what is new is
   * told. Rejects with the fault of a read.
   */
  async repair(outlines: readonly Outline[]): Promise<void> {
    const { facts: reader, stats } = this.#context
    const lacking = outlines.filter((outline) => this.#topics.get(outline.payloadId)?.lacks(outline))
    const repairs = lacking.map(async ({ payloadId }) => {
      const facts = await reader.read(payloadId)
      const isNews = facts !== null && this.#topics.get(payloadId)?.hear({ kind: 'facts', facts })
      if (isNews) stats.repaired++
    })
    await Promise.all(repairs)
  }

  /** Goes on through whatever comes and goes meanwhile, the newest last. */
  topicIds(): IterableIterator<string> {
    return this.#topics.keys()
  }

  get topicCount(): number {
    return this.#topics.size
  }

  /** @param address whose limit on sockets it counts against */
  subscribe(socket: StatusSocket, payloadId: string, address: string): void {
    let topic = this.#topics.get(payloadId)
    if (topic === undefined) {
      topic = new Topic(payloadId, this.#context)
      this.#topics.set(payloadId, topic)
    }
    const subscriber = topic.add(socket, address)
    if (this.#draining) sendElsewhere(subscriber)
  }

  /** Is the originating browser window of this payload connected to this node? */
  hasPage(payloadId: string): boolean {
    return this.#topics.get(payloadId)?.hasPage ?? false
  }

  /** How many sockets this address has on this payload here. */
  countFrom(payloadId: string, address: string): number {
    return this.#topics.get(payloadId)?.countFrom(address) ?? 0
  }

  /** How many sockets this address has on this node, those that are closing included. */
  countOnNode(address: string): number {
    return this.#context.addresses.of(address)
  }

  /** A newcomer was refused before the upgrade. */
  countRefusal(reason: RefusalCounter): void {
    this.#context.stats[reason]++
  }

  /** Open connections of this node, those that are closing included. */
  get socketCount(): number {
    return this.#context.stats.sockets
  }

  get isDraining(): boolean {
    return this.#draining
  }

  get stats(): Readonly<LiveStats> {
    return { ...this.#context.stats, topics: this.#topics.size }
  }

  /**
   * Closes every socket with 1012, so that clients come back to another node, and leaves the bus. They are closed evenly
   * over the time given, so that a fleet does not come back at once; who is still here goes on being told what happens.
   * Resolves when all are gone; peers that do not answer the closing handshake are cut off after the settings'
   * `closeTimeout`.
   */
  async drain(over: Milliseconds): Promise<void> {
    this.#draining = true
    const subscribers = [...this.#topics.values()].flatMap((topic) => topic.subscribers)
    await spread(subscribers, over, this.#context.timers, sendElsewhere)
    await new Promise<void>((resolve) => {
      this.#lastSocketGone = resolve
      this.#noticeLastSocket()
    })
    for (const topic of [...this.#topics.values()]) topic.end()
    this.#context.wheel.stop()
    await this.#context.membership.settled()
  }

  #publish(payloadId: string, hint: Hint): void {
    this.#topics.get(payloadId)?.hear(hint)
    this.#bus.publish(payloadId, hint)
  }

  #noticeLastSocket(): void {
    if (this.#context.stats.sockets === 0) this.#lastSocketGone?.()
  }
}

/** Does nothing to who has left meanwhile. */
const sendElsewhere = (subscriber: Subscriber): void =>
  subscriber.close(closeCodes.restarting, 'this server is restarting')
