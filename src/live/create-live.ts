import type { IncomingMessage } from 'node:http'
import type { DatabaseClock } from '../clock.ts'
import type { PayloadStore } from '../payload/payload-store.ts'
import type { ClientAddress } from './admission.ts'
import type { Bus } from './bus.ts'
import { Hub } from './hub.ts'
import { defaultLiveSettings, type LiveSettings } from './live-settings.ts'
import { PagePresence, type PageStore } from './page-presence.ts'
import { Reconciler } from './reconciler.ts'
import { acceptUpgrade } from './socket/accept-upgrade.ts'
import { systemTimers } from './timers.ts'
import { upgradeHandler, type UpgradeHandler } from './upgrade.ts'

export interface LiveOptions {
  readonly bus: Bus
  /** Learns the database's time from every read. */
  readonly clock: DatabaseClock
  readonly store: Pick<PayloadStore, 'readFacts' | 'readChanges' | 'readOutlines'>
  readonly pages: PageStore
  /** A UUID of this process's own. */
  readonly nodeId: string
  readonly clientAddress: (request: IncomingMessage) => ClientAddress
  /** A topic could not join the bus, read the database or leave the bus; its subscribers were told to come back. */
  readonly onFault: (error: unknown) => void
  readonly settings?: Partial<LiveSettings>
}

export interface Live {
  readonly hub: Hub
  /** For the HTTP server's `upgrade` event. */
  readonly handleUpgrade: UpgradeHandler
  /** To be run again and again, after a gap at once. */
  readonly reconciler: Reconciler
  /** To be renewed every `renewInterval`; settled once the hub has drained. */
  readonly presence: PagePresence
}

/** The live side of one node. Call `hub.drain()` before the bus and the database are closed. */
export const createLive = ({ settings: given, bus, clock, store, onFault, ...others }: LiveOptions): Live => {
  const { pages, nodeId, clientAddress } = others
  const settings = { ...defaultLiveSettings, ...given }
  const timers = systemTimers
  const presence = new PagePresence({ store: pages, nodeId, isHere: (id) => hub.hasPage(id), onFault })
  const hub: Hub = new Hub({
    settings,
    bus,
    clock,
    timers,
    readFacts: (ids) => store.readFacts(ids),
    onFault,
    onPage: (id) => presence.note(id),
  })
  return {
    hub,
    handleUpgrade: upgradeHandler({ hub, settings, clientAddress, accept: acceptUpgrade(settings, timers) }),
    reconciler: new Reconciler({ hub, store, clock, timers, interval: settings.reconcileInterval }),
    presence,
  }
}
