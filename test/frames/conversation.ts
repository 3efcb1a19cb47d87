import type { IncomingMessage } from 'node:http'
import { rightBack } from '../../src/live/frames.ts'
import { closeCodes, type AcceptSocket, type SocketListener, type StatusSocket } from '../../src/live/status-socket.ts'
import { PeerStream } from './peer-stream.ts'

const request = {
  method: 'GET',
  httpVersion: '1.1',
  headers: {
    host: 'localhost',
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-key': Buffer.alloc(16).toString('base64'),
    'sec-websocket-version': '13',
  },
} as unknown as IncomingMessage

/** One connection, from the upgrade on, that keeps what was told and answered. Every message is answered. */
export class Conversation implements SocketListener {
  /** What the listener was told. */
  readonly heard: string[] = []
  readonly #stream = new PeerStream()
  readonly #closesAfter: number
  #socket!: StatusSocket

  /** @param closesAfter how many messages and pings the listener takes before it closes with 1008 */
  constructor(accept: AcceptSocket, head: Buffer, closesAfter: number) {
    this.#closesAfter = closesAfter
    accept(request, this.#stream, Buffer.from(head), (socket) => {
      this.#socket = socket
      socket.listener = this
    })
  }

  bring(chunk: Buffer): void {
    // a copy, since the mask is taken off in place
    if (!this.#stream.destroyed) this.#stream.push(Buffer.from(chunk))
  }

  /** The peer ends its side. */
  end(): void {
    if (!this.#stream.destroyed) this.#stream.push(null)
  }

  close(): void {
    this.#socket.close(closeCodes.restarting, 'this server is restarting')
  }

  /** Everything that the peer got. */
  get answered(): Buffer {
    return this.#stream.written
  }

  get hasEnded(): boolean {
    return this.#stream.writableEnded
  }

  onMessage(data: Buffer): void {
    this.#hear(`message ${data.toString('hex')}`)
    this.#socket.write(rightBack)
  }

  onPing(): void {
    this.#hear('ping')
  }

  onPong(): void {
    this.#hear('pong')
  }

  onClose(): void {
    this.heard.push('close')
  }

  #hear(what: string): void {
    this.heard.push(what)
    if (this.heard.length > this.#closesAfter) this.#socket.close(closeCodes.policyViolation, 'more than allowed')
  }
}
