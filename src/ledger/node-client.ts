import { WebSocket, type RawData } from 'ws'
import { systemClock, type Clock, type Milliseconds } from '../clock.ts'
import { isJsonObject, type JsonObject } from '../json.ts'
import type { LedgerNode, NodeAnswer } from './ledger-node.ts'

export interface NodeClientOptions {
  /** For one request, connecting included. Source of the default: CONTRACT section 3, check 3. */
  readonly timeLimit?: Milliseconds
  /** A longer message ends the connection; a transaction with its metadata rarely has 100 KiB. */
  readonly maxMessageBytes?: number
  /** Requests that wait for an answer; more are answered `none` at once. */
  readonly maxOutstanding?: number
  /** How long a node that could not be reached is left alone; doubled after each failure up to `longestWait`. */
  readonly firstWait?: Milliseconds
  readonly longestWait?: Milliseconds
  readonly clock?: Clock
}

interface Outstanding {
  /** What was asked, as it goes on the wire. */
  readonly frame: string
  readonly settle: (answer: NodeAnswer) => void
  readonly timer: NodeJS.Timeout
  /** How many messages had come when it was asked. */
  readonly heardBefore: number
}

const none = (why: string): NodeAnswer => ({ answer: 'none', why })

/**
 * One WebSocket connection to a ledger node, opened when first needed and again when it was lost.
 *
 * A request is asked once: it is answered `none` when the connection breaks under it, and whoever needs the answer asks
 * again. After a failure nothing is dialled for a while, so that a node that is down costs nobody a wait.
 */
export class NodeClient implements LedgerNode {
  readonly url: string
  readonly #options: Required<NodeClientOptions>
  readonly #outstanding = new Map<number, Outstanding>()
  #socket: WebSocket | null = null
  #lastId = 0
  /** Messages on this connection. */
  #heard = 0
  /** Connections in a row that brought nothing. */
  #failures = 0
  #leaveAloneUntil: Milliseconds = 0
  #closed = false

  constructor(url: string, options: NodeClientOptions = {}) {
    this.url = url
    this.#options = {
      timeLimit: 5_000,
      maxMessageBytes: 2 * 1024 * 1024,
      maxOutstanding: 256,
      firstWait: 250,
      longestWait: 10_000,
      clock: systemClock,
      ...options,
    }
  }

  request(command: string, parameters: JsonObject = {}): Promise<NodeAnswer> {
    const { maxOutstanding, timeLimit, clock } = this.#options
    if (this.#closed) return Promise.resolve(none('the connection was closed by its owner'))
    if (this.#outstanding.size >= maxOutstanding) return Promise.resolve(none('too many requests wait for an answer'))
    if (this.#socket === null && clock.now() < this.#leaveAloneUntil) {
      return Promise.resolve(none('the node could not be reached a moment ago'))
    }
    const id = ++this.#lastId
    return new Promise((settle) => {
      const timer = setTimeout(() => this.#expire(id), timeLimit)
      const frame = JSON.stringify({ ...parameters, id, command })
      const socket = (this.#socket ??= this.#connect())
      this.#outstanding.set(id, { frame, settle, timer, heardBefore: this.#heard })
      if (socket.readyState === WebSocket.OPEN) socket.send(frame)
    })
  }

  /** Every waiting request is answered `none`; nothing is left running. */
  close(): void {
    this.#closed = true
    this.#lose('the connection was closed by its owner')
  }

  #connect(): WebSocket {
    const { timeLimit, maxMessageBytes } = this.#options
    const socket = new WebSocket(this.url, {
      handshakeTimeout: timeLimit,
      maxPayload: maxMessageBytes,
      perMessageDeflate: false,
      followRedirects: false,
    })
    this.#heard = 0
    socket.on('open', () => {
      for (const { frame } of this.#outstanding.values()) socket.send(frame)
    })
    socket.on('message', (data, isBinary) => {
      if (this.#socket === socket) this.#hear(data, isBinary)
    })
    // an error is always followed by a close, which says all that is needed
    socket.on('error', () => undefined)
    socket.on('close', () => {
      if (this.#socket === socket) this.#lose('the connection to the node was lost')
    })
    return socket
  }

  #lose(why: string): void {
    const { firstWait, longestWait, clock } = this.#options
    this.#failures = this.#heard > 0 ? 0 : this.#failures + 1
    const wait = this.#failures === 0 ? 0 : Math.min(firstWait * 2 ** (this.#failures - 1), longestWait)
    this.#leaveAloneUntil = clock.now() + wait
    this.#socket?.terminate()
    this.#socket = null
    for (const id of [...this.#outstanding.keys()]) this.#settle(id, none(why))
  }

  #expire(id: number): void {
    const silent = this.#outstanding.get(id)?.heardBefore === this.#heard
    this.#settle(id, none(`no answer within ${this.#options.timeLimit / 1000} s`))
    // nothing at all was heard since it was asked: the connection is dead, although nobody said so
    if (silent) this.#lose('the node stays silent')
  }

  #hear(data: RawData, isBinary: boolean): void {
    const message = isBinary ? null : parseMessage(data)
    if (message === null) {
      this.#lose('the node does not speak as a ledger node does')
      return
    }
    this.#heard += 1
    const { id, status, result, error } = message
    if (typeof id !== 'number') return
    if (status === 'success' && isJsonObject(result)) this.#settle(id, { answer: 'result', result })
    else this.#settle(id, { answer: 'error', error: typeof error === 'string' ? error : 'unknown' })
  }

  #settle(id: number, answer: NodeAnswer): void {
    const outstanding = this.#outstanding.get(id)
    if (outstanding === undefined) return
    this.#outstanding.delete(id)
    clearTimeout(outstanding.timer)
    outstanding.settle(answer)
  }
}

const parseMessage = (data: RawData): JsonObject | null => {
  try {
    const message: unknown = JSON.parse((data as Buffer).toString('utf8'))
    return isJsonObject(message) ? message : null
  } catch {
    return null
  }
}
