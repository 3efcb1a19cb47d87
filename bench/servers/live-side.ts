/**
 * The live side alone, without a database, on our own protocol or on `ws` (PROTOCOL): what the choice between them costs.
 * Every payload exists, and nobody opened it.
 */
import { createServer, type IncomingMessage } from 'node:http'
import { DatabaseClock, systemClock } from '../../src/clock.ts'
import type { ClientAddress } from '../../src/live/admission.ts'
import { Hub } from '../../src/live/hub.ts'
import { defaultLiveSettings } from '../../src/live/live-settings.ts'
import { MemoryBus } from '../../src/live/memory-bus.ts'
import { acceptUpgrade } from '../../src/live/socket/accept-upgrade.ts'
import { systemTimers } from '../../src/live/timers.ts'
import { upgradeHandler } from '../../src/live/upgrade.ts'
import { factsOf } from '../../src/payload/facts.ts'
import { factsStore } from '../../test/facts-store.ts'
import { acceptWithWs } from '../../test/frames/ws-status-socket.ts'
import { aPayload } from '../../test/payload-fixture.ts'
import { sayListening } from '../floors/listening.ts'

const settings = { ...defaultLiveSettings, keepalive: 600_000 }
const accept = process.env['PROTOCOL'] === 'ws' ? acceptWithWs(settings) : acceptUpgrade(settings, systemTimers)
const { readFacts } = factsStore(async () => {
  const now = systemClock.now()
  return { facts: { ...factsOf(aPayload()), expiry: now + 3_600_000 }, now }
})
const hub = new Hub({
  settings,
  bus: new MemoryBus(),
  clock: new DatabaseClock(),
  timers: systemTimers,
  readFacts,
  onFault: (fault) => console.error(fault),
  onPage: () => undefined,
})
const clientAddress = (request: IncomingMessage): ClientAddress => ({
  key: request.socket.remoteAddress!,
  exempt: true,
})
const server = createServer().on('upgrade', upgradeHandler({ hub, settings, clientAddress, accept }))
server.listen({ port: 0, host: '127.0.0.1' }, () => sayListening(server))
process.once('SIGTERM', () => process.exit(0))
