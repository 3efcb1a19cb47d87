import type { IncomingMessage } from 'node:http'
import type { DatabaseClock } from '../clock.ts'
import type { PayloadStore } from '../payload/payload-store.ts'
import type { Bus } from './bus.ts'
import { Hub } from './hub.ts'
import { defaultLiveSettings, type LiveSettings } from './live-settings.ts'
import { systemTimers } from './timers.ts'
import { upgradeHandler, type ClientAddress, type UpgradeHandler } from './upgrade.ts'
import { acceptWithWs } from './ws-status-socket.ts'

export interface LiveOptions {
  readonly bus: Bus
  /** Learns the database's time from every read. */
  readonly clock: DatabaseClock
  readonly readFacts: PayloadStore['readFacts']
  readonly clientAddress: (request: IncomingMessage) => ClientAddress
  /** A topic could not join the bus, read the database or leave the bus; its subscribers were told to come back. */
  readonly onFault: (error: unknown) => void
  readonly settings?: Partial<LiveSettings>
}

export interface Live {
  readonly hub: Hub
  /** For the HTTP server's `upgrade` event. */
  readonly handleUpgrade: UpgradeHandler
}

/** The live side of one node. Call `hub.drain()` before the bus and the database are closed. */
export const createLive = ({ clientAddress, settings: given, ...dependencies }: LiveOptions): Live => {
  const settings = { ...defaultLiveSettings, ...given }
  const hub = new Hub({ ...dependencies, settings, timers: systemTimers })
  return { hub, handleUpgrade: upgradeHandler({ hub, settings, clientAddress, accept: acceptWithWs(settings) }) }
}
