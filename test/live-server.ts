import { EventEmitter, once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocket } from 'ws'
import { DatabaseClock, systemClock } from '../src/clock.ts'
import { createLive, type Live } from '../src/live/create-live.ts'
import type { LiveSettings } from '../src/live/live-settings.ts'
import { MemoryBus } from '../src/live/memory-bus.ts'
import type { ClientAddress } from '../src/live/admission.ts'
import { factsOf, type Facts } from '../src/payload/facts.ts'
import { factsStore, readFrom, type ReadOne } from './facts-store.ts'
import { aPayload } from './payload-fixture.ts'

/** The live side by itself on a port of its own, with facts that the test sets instead of a database. */
export interface LiveServer {
  readonly live: Live
  readonly port: number
  /** What the database would say of each payload. */
  readonly facts: Map<string, Facts>
  /** Errors that were reported; a test that expects some empties it. */
  readonly faults: unknown[]
  url(payloadId: string): string
  /** Ends every connection and the server. */
  close(): Promise<void>
}

export interface LiveServerOptions {
  readonly settings?: Partial<LiveSettings>
  readonly clientAddress?: (request: IncomingMessage) => ClientAddress
  /** What a read answers instead. */
  readonly readFacts?: ReadOne
}

export const startLiveServer = async (options: LiveServerOptions = {}): Promise<LiveServer> => {
  const facts = new Map<string, Facts>()
  const faults: unknown[] = []
  const live = createLive({
    bus: new MemoryBus(),
    clock: new DatabaseClock(),
    store: factsStore(options.readFacts ?? readFrom(facts, systemClock)),
    pages: { write: async () => undefined, isPresent: async () => false, sweep: async () => undefined },
    nodeId: 'this node',
    clientAddress: options.clientAddress ?? (() => ({ key: '127.0.0.1', exempt: true })),
    onFault: (error) => faults.push(error),
    settings: options.settings ?? {},
  })
  const server = createServer((_, response) => response.writeHead(404).end())
  server.on('upgrade', live.handleUpgrade)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    live,
    port,
    facts,
    faults,
    url: (payloadId) => `ws://127.0.0.1:${port}/sign/${payloadId}`,
    close: async () => {
      await live.hub.drain(0)
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Facts of a payload that nobody opened. */
export const freshFacts = (changes: Partial<Facts> = {}): Facts => ({
  ...factsOf(aPayload()),
  expiry: Date.now() + 60_000,
  ...changes,
})

/** A client that keeps what it was told. */
export interface StatusClient {
  readonly socket: WebSocket
  readonly messages: unknown[]
  /** Resolves once this many messages have come. */
  received(count: number): Promise<unknown[]>
  readonly closed: Promise<{ code: number; reason: string }>
}

export const connectClient = (url: string): StatusClient => {
  const socket = new WebSocket(url)
  const messages: unknown[] = []
  const arrivals = new EventEmitter()
  socket.on('message', (data: Buffer) => {
    messages.push(JSON.parse(data.toString('utf8')))
    arrivals.emit('message')
  })
  // a refused upgrade shows in `closed`
  socket.on('error', () => undefined)
  return {
    socket,
    messages,
    received: async (count) => {
      while (messages.length < count) await once(arrivals, 'message')
      return messages
    },
    closed: new Promise((resolve) =>
      socket.on('close', (code, reason) => resolve({ code, reason: reason.toString('utf8') })),
    ),
  }
}
