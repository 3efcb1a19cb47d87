import { connect, type Socket } from 'node:net'
import type { Dialect } from './dialects.ts'
import { eachFrame, maskedFrame, opcodes } from './frames.ts'

/** What is heard on all clients of a process. */
export interface Hearing {
  onReady(client: SocketClient): void
  /** A text that is not a matter of the protocol's. */
  onText(client: SocketClient, data: Buffer, start: number, end: number): void
  onGone(client: SocketClient): void
}

export interface SocketClientOptions {
  readonly id: string
  readonly port: number
  /** Local address. */
  readonly from: string
  readonly dialect: Dialect
  readonly hearing: Hearing
}

/** Read at once and never kept, so one is enough for all. */
const readBuffer = Buffer.allocUnsafe(64 * 1024)
const pong = maskedFrame(opcodes.pong)
const key = Buffer.alloc(16, 'countersign').toString('base64')

/** One WebSocket client on a bare connection: it costs its process as little as Node allows. */
export class SocketClient {
  readonly id: string
  /** When it last asked for something that is not answered yet; 0 when nothing is open. The observer's to use. */
  askedAt = 0
  readonly #socket: Socket
  readonly #dialect: Dialect
  readonly #hearing: Hearing
  #rest: Buffer | null = null
  #state: 'upgrading' | 'greeted' | 'ready' | 'left' = 'upgrading'

  constructor({ id, port, from, dialect, hearing }: SocketClientOptions) {
    this.id = id
    this.#dialect = dialect
    this.#hearing = hearing
    const onread = { buffer: readBuffer, callback: (length: number) => this.#read(readBuffer.subarray(0, length)) }
    this.#socket = connect({ host: '127.0.0.1', port, localAddress: from, onread, noDelay: true })
    // 'close' follows
    this.#socket.on('error', () => undefined)
    this.#socket.on('close', () => {
      if (this.#state === 'left') return
      this.#state = 'left'
      hearing.onGone(this)
    })
    this.#socket.write(
      `GET ${dialect.path(id)} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        `Sec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n\r\n`,
    )
  }

  send(frame: Buffer): void {
    this.#socket.write(frame)
  }

  /** With RST: the port is free again at once. */
  leave(): void {
    this.#state = 'left'
    this.#socket.resetAndDestroy()
  }

  #read(chunk: Buffer): boolean {
    let data = this.#rest === null ? chunk : Buffer.concat([this.#rest, chunk])
    if (this.#state === 'upgrading') {
      const end = data.indexOf('\r\n\r\n')
      if (end !== -1) {
        if (!data.toString('latin1', 0, 12).endsWith(' 101')) this.#socket.destroy()
        data = data.subarray(end + 4)
        this.#become('greeted')
        if (this.#dialect.readyText === null) this.#become('ready')
      }
    }
    const whole = this.#state === 'upgrading' ? 0 : eachFrame(data, (...frame) => this.#hear(data, ...frame))
    // a copy: the next read writes over it
    this.#rest = whole === data.length ? null : Buffer.from(data.subarray(whole))
    return true
  }

  #hear(data: Buffer, opcode: number, start: number, end: number): void {
    if (opcode === opcodes.ping) this.send(pong)
    if (opcode !== opcodes.text) return
    const { replies, readyText } = this.#dialect
    for (const [beginning, reply] of replies) {
      if (!beginsWith(data, start, end, beginning)) continue
      this.send(reply)
      return
    }
    if (this.#state === 'greeted' && beginsWith(data, start, end, readyText!)) this.#become('ready')
    else this.#hearing.onText(this, data, start, end)
  }

  #become(state: 'greeted' | 'ready'): void {
    this.#state = state
    if (state === 'ready') this.#hearing.onReady(this)
  }
}

/** @param beginning ASCII */
export const beginsWith = (data: Buffer, start: number, end: number, beginning: string): boolean => {
  if (end - start < beginning.length) return false
  for (let n = 0; n < beginning.length; n++) if (data[start + n] !== beginning.charCodeAt(n)) return false
  return true
}
