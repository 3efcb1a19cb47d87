import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'

/** Where webhooks go: servers that answer 200 after a while and count. */
export class Receivers {
  #servers: Server[] = []
  #arrivals: number[] = []

  /** @returns the URLs */
  async start({ count, delay }: { readonly count: number; readonly delay: number }): Promise<string[]> {
    for (let n = 0; n < count; n++) {
      const server = createServer((request, response) => {
        this.#arrivals.push(performance.now())
        request.resume()
        void setTimeout(delay).then(() => response.end())
      })
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      this.#servers.push(server)
    }
    return this.#servers.map((server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  }

  /** Waits for so many. @returns how many arrived per second, from the first to the last */
  async rateOf({ count, seconds }: { readonly count: number; readonly seconds: number }): Promise<number> {
    const deadline = performance.now() + seconds * 1_000
    while (this.#arrivals.length < count && performance.now() < deadline) await setTimeout(10)
    const arrivals = this.#arrivals
    this.#arrivals = []
    if (arrivals.length < 2) throw new Error('no webhook arrived')
    return ((arrivals.length - 1) / (arrivals.at(-1)! - arrivals[0]!)) * 1_000
  }

  stop(): void {
    for (const server of this.#servers) server.close().closeAllConnections()
    this.#servers = []
  }
}
