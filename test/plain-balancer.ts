import { once } from 'node:events'
import { createServer, request as ask, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import type { Milliseconds } from '../src/clock.ts'

export interface Backend {
  readonly port: number
}

/** How often each backend is asked whether it is ready, and how long it may take to say so. */
const probeInterval: Milliseconds = 200
const probeTimeLimit: Milliseconds = 1_000

/**
 * A balancer of the tests' own, as plain as they come: one after the other, no stickiness, a connection of its own for
 * each request. It sends nothing new to a backend that is not ready; where a connection is refused before anything was
 * sent, it takes another backend.
 */
export class PlainBalancer {
  readonly #server: Server
  readonly #backends: readonly Backend[]
  readonly #ready = new Set<Backend>()
  readonly #sockets = new Set<Socket>()
  readonly #probes: NodeJS.Timeout
  #turn = 0
  /** Requests that no backend could be given, that broke, or that were answered 500 or more. */
  readonly failures: string[] = []
  /** Requests, upgrades not counted. */
  requests = 0

  private constructor(backends: readonly Backend[]) {
    this.#backends = backends
    this.#server = createServer((request, response) => void this.#pass(request, response))
    this.#server.on('upgrade', (request, socket: Socket, head: Buffer) => void this.#passUpgrade(request, socket, head))
    this.#probes = setInterval(() => void this.#probeAll(), probeInterval)
  }

  /** Resolves once it listens and has asked every backend. */
  static async start(backends: readonly Backend[]): Promise<PlainBalancer> {
    const balancer = new PlainBalancer(backends)
    balancer.#server.listen(0, '127.0.0.1')
    await Promise.all([once(balancer.#server, 'listening'), balancer.#probeAll()])
    return balancer
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** Does it send anything new there? */
  takes(backend: Backend): boolean {
    return this.#ready.has(backend)
  }

  async stop(): Promise<void> {
    clearInterval(this.#probes)
    for (const socket of this.#sockets) socket.destroy()
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  /** Those to try, the one whose turn it is first. */
  #candidates(): Backend[] {
    const ready = this.#backends.filter((backend) => this.#ready.has(backend))
    this.#turn++
    return ready.map((_, index) => ready[(index + this.#turn) % ready.length]!)
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { method, url = '/', headers } = request
    this.requests++
    for (const backend of this.#candidates()) {
      const passed = ask({ port: backend.port, host: '127.0.0.1', method, path: url, headers, agent: false })
      passed.end(Buffer.concat(chunks))
      try {
        const [answer] = (await once(passed, 'response')) as [IncomingMessage]
        const status = answer.statusCode!
        if (status >= 500) this.failures.push(`${method} ${url}: ${status}`)
        response.writeHead(status, answer.headers)
        for await (const chunk of answer) response.write(chunk)
        response.end()
        return
      } catch (error) {
        if (isRefused(error)) {
          this.#ready.delete(backend)
          continue
        }
        this.failures.push(`${method} ${url}: ${String(error)}`)
        response.destroy()
        return
      }
    }
    this.failures.push(`${method} ${url}: no backend`)
    response.writeHead(502).end()
  }

  async #passUpgrade({ method, url, rawHeaders }: IncomingMessage, client: Socket, head: Buffer): Promise<void> {
    this.#keep(client)
    for (const backend of this.#candidates()) {
      const socket = connect(backend.port, '127.0.0.1')
      try {
        await once(socket, 'connect')
      } catch {
        this.#ready.delete(backend)
        continue
      }
      this.#keep(socket)
      const lines = rawHeaders.map((text, index) => (index % 2 === 0 ? `${text}: ` : `${text}\r\n`))
      socket.write(`${method} ${url} HTTP/1.1\r\n${lines.join('')}\r\n`)
      socket.write(head)
      socket.pipe(client)
      client.pipe(socket)
      socket.once('close', () => client.destroy())
      client.once('close', () => socket.destroy())
      return
    }
    client.end('HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\n\r\n')
  }

  #keep(socket: Socket): void {
    if (socket.destroyed) return
    this.#sockets.add(socket)
    socket.setNoDelay(true)
    socket.on('error', () => socket.destroy())
    socket.once('close', () => this.#sockets.delete(socket))
  }

  async #probeAll(): Promise<void> {
    await Promise.all(this.#backends.map((backend) => this.#probe(backend)))
  }

  async #probe(backend: Backend): Promise<void> {
    const signal = AbortSignal.timeout(probeTimeLimit)
    const answer = await fetch(`http://127.0.0.1:${backend.port}/readyz`, { signal }).catch(() => null)
    await answer?.body?.cancel()
    if (answer?.status === 200) this.#ready.add(backend)
    else this.#ready.delete(backend)
  }
}

const isRefused = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED'
