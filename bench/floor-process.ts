import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'
import Database from 'better-sqlite3'
import Fastify from 'fastify'
import { WebSocketServer, type WebSocket } from 'ws'
import { serveMeasured } from './measured-process.ts'

/**
 * The floors: what there is no going below with the same parts. A fastify route that inserts one row durably, and a `ws`
 * server that holds a map of sockets and sends one message to those of a path.
 */
export interface FloorReady {
  readonly url: string
}

const folder = mkdtempSync(join(tmpdir(), 'countersign-floor-'))
const database = new Database(join(folder, 'floor.db'))
database.pragma('journal_mode = WAL')
database.pragma('synchronous = FULL')
database.exec('CREATE TABLE payload (id TEXT PRIMARY KEY, body TEXT NOT NULL)')
const insert = database.prepare('INSERT INTO payload (id, body) VALUES (?, ?)')

const sockets = new Map<string, Set<WebSocket>>()
const app = Fastify()
app.post('/create', async (request) => {
  const id = randomUUID()
  insert.run(id, JSON.stringify(request.body))
  return { uuid: id }
})
app.post<{ Params: { id: string }; Body: object }>('/push/:id', async (request) => {
  const message = JSON.stringify(request.body)
  for (const socket of sockets.get(request.params.id) ?? []) socket.send(message)
  return {}
})
const webSockets = new WebSocketServer({ noServer: true, clientTracking: false, perMessageDeflate: false })
app.server.on('upgrade', (request, stream, head) =>
  webSockets.handleUpgrade(request, stream, head, (socket) => {
    const id = request.url!.slice('/sign/'.length)
    const known = sockets.get(id) ?? new Set()
    sockets.set(id, known.add(socket))
    socket.on('message', () => socket.send('{"message":"Right back at you!"}'))
    socket.send(JSON.stringify({ message: `Welcome ${id}` }))
  }),
)
await app.listen({ port: 0, host: '127.0.0.1' })
const { port } = app.server.address() as AddressInfo
serveMeasured({ url: `http://127.0.0.1:${port}` } satisfies FloorReady, async () => {
  app.server.closeAllConnections()
  database.close()
  rmSync(folder, { recursive: true })
})
