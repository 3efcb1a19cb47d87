import { payloadId } from '../database/payload-id.ts'
import { percentile } from '../figures.ts'
import { dialects, type DialectName } from './dialects.ts'
import { SocketClient, type Hearing } from './socket-client.ts'

export interface ConnectRequest {
  readonly port: number
  readonly dialect: DialectName
  /** Each watches a payload of its own, by number from this one on, unless all watch this one. */
  readonly from: number
  readonly count: number
  readonly allOnOne?: boolean
  /** Handshakes under way at once. */
  readonly atOnce: number
}

export interface Connected {
  readonly perSecond: number
  /** From the connection's beginning to the first message, in milliseconds. */
  readonly p50: number
  readonly p99: number
}

export type OnText = (client: SocketClient, data: Buffer, start: number, end: number) => void

const nothing: OnText = () => undefined

/** All clients of this process. */
export class Swarm {
  readonly clients: SocketClient[] = []
  dialect: DialectName = 'plain'
  /** Who hears what clients are told. */
  observer: OnText = nothing
  /** Connections that the server ended. */
  gone = 0
  #opened = 0

  async connect({ port, dialect, from, count, allOnOne = false, atOnce }: ConnectRequest): Promise<Connected> {
    this.dialect = dialect
    const times: number[] = []
    let next = 0
    const begin = performance.now()
    const connectMore = async (): Promise<void> => {
      while (next < count) {
        const id = payloadId(allOnOne ? from : from + next)
        next++
        const asked = performance.now()
        this.clients.push(await this.#open(port, dialect, id))
        times.push(performance.now() - asked)
      }
    }
    await Promise.all(Array.from({ length: Math.min(atOnce, count) }, connectMore))
    const perSecond = (count / (performance.now() - begin)) * 1_000
    return { perSecond, p50: percentile(times, 50), p99: percentile(times, 99) }
  }

  leave(): void {
    for (const client of this.clients) client.leave()
    this.clients.length = 0
  }

  /** Hears for as long as the work goes on. */
  async observe<T>(observer: OnText, work: () => Promise<T>): Promise<T> {
    this.observer = observer
    try {
      return await work()
    } finally {
      this.observer = nothing
    }
  }

  #open(port: number, dialect: DialectName, id: string): Promise<SocketClient> {
    return new Promise((resolve, reject) => {
      const hearing: Hearing = {
        onReady: resolve,
        onText: (client, data, start, end) => this.observer(client, data, start, end),
        onGone: () => {
          this.gone++
          reject(new Error(`a socket of ${id} was ended by the server`))
        },
      }
      // spread over eight addresses: each has ports of its own
      const from = `127.0.0.${2 + (this.#opened++ % 8)}`
      new SocketClient({ id, port, from, dialect: dialects[dialect], hearing })
    })
  }
}
