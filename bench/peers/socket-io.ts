/** Socket.IO with its WebSocket transport alone: a room for each payload, its own keepalive every 15 s. */
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { sayListening } from '../floors/listening.ts'

/** Installed by hand, so its types are not there; this much is used. */
interface Socket {
  readonly handshake: { readonly query: { readonly id: string } }
  join(room: string): void
  emit(event: 'message', message: object): void
  on(event: 'message', hear: () => void): void
}
interface SocketIo {
  on(event: 'connection', hear: (socket: Socket) => void): void
  to(room: string): { emit(event: 'message', message: object): void }
}
const { Server } = createRequire(import.meta.url)('socket.io') as {
  readonly Server: new (server: unknown, options: object) => SocketIo
}

const server = createServer((request, response) => {
  const id = request.url!.slice('/publish/'.length)
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    io.to(id).emit('message', JSON.parse(Buffer.concat(chunks).toString()) as object)
    response.setHeader('content-length', 0).end()
  })
})
const pingInterval = Number(process.env['KEEPALIVE_SECONDS'] ?? 15) * 1_000
const io = new Server(server, { transports: ['websocket'], serveClient: false, perMessageDeflate: false, pingInterval })
io.on('connection', (socket) => {
  const { id } = socket.handshake.query
  socket.join(id)
  socket.on('message', () => socket.emit('message', { message: 'Right back at you!' }))
  socket.emit('message', { message: `Welcome ${id}` })
})
server.listen({ port: 0, host: '127.0.0.1' }, () => sayListening(server))
process.once('SIGTERM', () => process.exit(0))
