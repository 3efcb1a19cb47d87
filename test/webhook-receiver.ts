import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Received {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A receiver of webhooks on a free port, which keeps what it got. */
export class WebhookReceiver {
  readonly received: Received[] = []
  /** What it answers; the test may change it at any time. */
  answer: (response: ServerResponse, received: Received) => void = (response) => void response.end('thank you')
  readonly #server: Server
  #changed: (() => void)[] = []

  constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const received = { path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() }
        this.received.push(received)
        this.answer(response, received)
        for (const wake of this.#changed.splice(0)) wake()
      })
    })
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hook`
  }

  /** Resolves once so many requests have come. */
  async has(count: number): Promise<void> {
    while (this.received.length < count) await new Promise<void>((resolve) => this.#changed.push(resolve))
  }

  /** Resolves once one has come that is like this. */
  async hasOne(isLike: (received: Received) => boolean): Promise<Received> {
    for (;;) {
      const found = this.received.find(isLike)
      if (found !== undefined) return found
      await new Promise<void>((resolve) => this.#changed.push(resolve))
    }
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}
