import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import { DatabaseClock, systemClock } from '../src/clock.ts'
import type { ClientAddress } from '../src/live/admission.ts'
import { Hub } from '../src/live/hub.ts'
import { defaultLiveSettings } from '../src/live/live-settings.ts'
import { MemoryBus } from '../src/live/memory-bus.ts'
import { acceptUpgrade } from '../src/live/socket/accept-upgrade.ts'
import type { AcceptSocket } from '../src/live/status-socket.ts'
import { systemTimers } from '../src/live/timers.ts'
import { upgradeHandler } from '../src/live/upgrade.ts'
import { factsOf } from '../src/payload/facts.ts'
import { factsStore } from '../test/facts-store.ts'
import { acceptWithWs } from '../test/frames/ws-status-socket.ts'
import { aPayload } from '../test/payload-fixture.ts'
import { serveMeasured } from './measured-process.ts'

/** What holds the sockets: a bare `ws` server with a map of them, or the whole live side, on our own protocol or on `ws`. */
export type SocketServer = 'floor' | 'live on ws' | 'live'

export interface SocketServerReady {
  readonly port: number
}

type OnUpgrade = (request: IncomingMessage, stream: Duplex, head: Buffer) => void

const settings = { ...defaultLiveSettings, keepalive: 600_000 }

const floor = (): OnUpgrade => {
  const sockets = new Map<string, WebSocket>()
  const server = new WebSocketServer({ noServer: true, clientTracking: false, perMessageDeflate: false })
  return (request, stream, head) =>
    server.handleUpgrade(request, stream, head, (socket) => hold(sockets, request.url!.slice('/sign/'.length), socket))
}

/** A function of its own, so that what it leaves behind does not keep the request alive. */
const hold = (sockets: Map<string, WebSocket>, id: string, socket: WebSocket): void => {
  sockets.set(id, socket)
  socket.on('message', () => socket.send('{"message":"Right back at you!"}'))
  socket.on('close', () => sockets.delete(id))
  socket.send(JSON.stringify({ message: `Welcome ${id}` }))
}

/** Every payload exists, and nobody opened it. Nothing is sent while it is measured but what was asked for. */
const live = (accept: AcceptSocket): OnUpgrade => {
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
  return upgradeHandler({ hub, settings, clientAddress, accept })
}

const onUpgrade: Record<SocketServer, () => OnUpgrade> = {
  floor,
  live: () => live(acceptUpgrade(settings, systemTimers)),
  'live on ws': () => live(acceptWithWs(settings)),
}

const { server: asked } = JSON.parse(process.env['BENCH_ENVIRONMENT']!) as { server: SocketServer }
const server = createServer().on('upgrade', onUpgrade[asked]())
server.listen(0, '127.0.0.1', () =>
  serveMeasured({ port: (server.address() as AddressInfo).port } satisfies SocketServerReady, async () => undefined),
)
