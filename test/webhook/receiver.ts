/** Receivers of webhooks: real servers on a free port of loopback. */
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type RequestListener } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net'
import type { Certificate } from '../certificates.ts'

export interface Receiver {
  readonly url: string
  readonly port: number
  readonly requests: ReceivedRequest[]
  /** Connections so far. */
  connections: number
  readonly openConnections: number
  close(): Promise<void>
}

export interface ReceivedRequest {
  readonly method: string | undefined
  readonly path: string | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface ReceiverOptions {
  readonly host?: string
  /** A free one when left out. */
  readonly port?: number
  /** Makes it an https server. */
  readonly certificate?: Certificate
}

/** Reads each request whole, keeps it, and answers as it is told. */
export const startReceiver = (
  answer: RequestListener,
  { host, port, certificate }: ReceiverOptions = {},
): Promise<Receiver> => {
  const requests: ReceivedRequest[] = []
  const listener: RequestListener = (request, response) => {
    void read(request).then((body) => {
      requests.push({ method: request.method, path: request.url, headers: request.headers, body })
      answer(request, response)
    })
  }
  const server = certificate === undefined ? createServer(listener) : createHttpsServer(certificate, listener)
  return listen(server, requests, certificate === undefined ? 'http' : 'https', host, port)
}

/** Does with each connection what it is told. */
export const startRawReceiver = (converse: (socket: Socket) => void): Promise<Receiver> =>
  listen(createTcpServer(converse), [], 'http')

const listen = async (
  server: Server,
  requests: ReceivedRequest[],
  scheme: string,
  host = '127.0.0.1',
  wantedPort = 0,
): Promise<Receiver> => {
  const sockets = new Set<Socket>()
  server.listen(wantedPort, host)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const receiver: Receiver = {
    url: `${scheme}://${host}:${port}/`,
    port,
    requests,
    connections: 0,
    get openConnections() {
      return sockets.size
    },
    close: async () => {
      server.close()
      for (const socket of sockets) socket.destroy()
      await once(server, 'close')
    },
  }
  server.on('connection', (socket: Socket) => {
    receiver.connections += 1
    sockets.add(socket)
    // whoever is at the other end may hang up as it likes
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
  })
  return receiver
}

const read = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of request) chunks.push(chunk)
  } catch {
    // what came of it is what was received
  }
  return Buffer.concat(chunks).toString()
}
