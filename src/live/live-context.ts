import type { DatabaseClock } from '../clock.ts'
import type { AddressCounts } from './address-counts.ts'
import type { FactsReader } from './facts-reader.ts'
import type { KeepaliveWheel } from './keepalive-wheel.ts'
import type { LiveSettings } from './live-settings.ts'
import type { LiveStats } from './live-stats.ts'
import type { Membership } from './membership.ts'
import type { Subscriber } from './subscriber.ts'
import type { Timers } from './timers.ts'

/** What the topics and subscribers of one node share. */
export interface LiveContext {
  readonly settings: LiveSettings
  readonly stats: LiveStats
  readonly addresses: AddressCounts
  readonly clock: DatabaseClock
  readonly timers: Timers
  readonly wheel: KeepaliveWheel<Subscriber>
  readonly membership: Membership
  readonly facts: FactsReader
  /** What failed while a topic was joining the bus, reading the database or leaving the bus. */
  readonly onFault: (error: unknown) => void
  /** A topic is over; the next subscriber of its payload needs another. */
  readonly onTopicEnded: (payloadId: string) => void
  /** A sign page of this payload came or left. */
  readonly onPage: (payloadId: string) => void
  /** A connection is gone, whoever ended it. */
  readonly onSocketGone: () => void
}
