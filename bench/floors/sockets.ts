/**
 * The floor of live status: a bare `ws` server with a map of sockets by path and an interval for each. It welcomes, answers
 * every message, says every KEEPALIVE_SECONDS what is left, and passes on what is posted.
 */
import { createServer } from 'node:http'
import { WebSocketServer, type WebSocket } from 'ws'
import { sayListening } from './listening.ts'

const every = Number(process.env['KEEPALIVE_SECONDS'] ?? 15) * 1_000
/** A server that must notice who is gone also pings. */
const pings = process.env['KEEPALIVE_PINGS'] === '1'
const sockets = new Map<string, WebSocket[]>()

const server = createServer((request, response) => {
  const id = request.url!.slice('/publish/'.length)
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const message = Buffer.concat(chunks).toString()
    for (const socket of sockets.get(id) ?? []) socket.send(message)
    response.setHeader('content-length', 0).end()
  })
})

/** A function of its own, so that what it leaves behind does not keep the request alive. */
const hold = (id: string, socket: WebSocket): void => {
  const others = sockets.get(id)
  if (others === undefined) sockets.set(id, [socket])
  else others.push(socket)
  const expiry = Date.now() + 24 * 3_600_000
  const keepalive = setInterval(() => {
    socket.send(JSON.stringify({ expires_in_seconds: Math.ceil((expiry - Date.now()) / 1_000) }))
    if (pings) socket.ping()
  }, every)
  socket.on('message', () => socket.send('{"message":"Right back at you!"}'))
  socket.on('error', () => undefined)
  socket.on('close', () => {
    clearInterval(keepalive)
    const left = sockets.get(id)!.filter((other) => other !== socket)
    if (left.length === 0) sockets.delete(id)
    else sockets.set(id, left)
  })
  socket.send(JSON.stringify({ message: `Welcome ${id}` }))
}

const webSockets = new WebSocketServer({ noServer: true, clientTracking: false, perMessageDeflate: false })
server.on('upgrade', (request, stream, head) =>
  webSockets.handleUpgrade(request, stream, head, (socket) => hold(request.url!.slice('/sign/'.length), socket)),
)
server.listen({ port: 0, host: '127.0.0.1' }, () => sayListening(server))
process.once('SIGTERM', () => process.exit(0))
