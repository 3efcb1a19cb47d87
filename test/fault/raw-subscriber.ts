import { connect, type Socket } from 'node:net'
import type { Milliseconds } from '../../src/clock.ts'
import type { JsonObject } from '../../src/json.ts'
import { clientFrame, FrameReader, opcodes } from '../raw-frames.ts'

/** One message, and when it came by the clock of `performance.now()`. */
export interface Told {
  readonly message: JsonObject
  readonly at: Milliseconds
}

/** What was told on one connection, in order. */
export interface ToldConnection {
  readonly told: Told[]
  /** When it was asked for. */
  readonly begun: Milliseconds
  /** Where it was connected. */
  readonly port: number
  /** The status of a refused upgrade; null before the answer. */
  status: number | null
  /** The code that the server closed it with; 1006 when it broke. Null while it is open. */
  code: number | null
}

export interface RawSubscriberOptions {
  /** Asked at each connect: a port of 127.0.0.1. */
  readonly port: () => number
  /** Where it connects from. */
  readonly localAddress?: string
  /** After which it comes back; the official SDK waits 2 s. Source: XRPL-Labs/XUMM-SDK, src/Payload.ts */
  readonly comesBackAfter?: () => Milliseconds
}

/** As the official SDK: so many in a row without one message. */
const mostReconnects = 30

/** A subscriber that costs little: a plain socket, which comes back as the official SDK does, and keeps all it was told. */
export class RawSubscriber {
  readonly uuid: string
  readonly connections: ToldConnection[] = []
  readonly #options: RawSubscriberOptions
  #socket: Socket | null = null
  #timer: NodeJS.Timeout | null = null
  #failures = 0
  #over = false

  constructor(uuid: string, options: RawSubscriberOptions) {
    this.uuid = uuid
    this.#options = options
    this.#connect()
  }

  get connection(): ToldConnection {
    return this.connections.at(-1)!
  }

  /** Connected, welcomed, and told when it expires. */
  get welcomed(): boolean {
    const { code, told } = this.connection
    return code === null && told.length >= 2
  }

  /** Messages of the connection it has, or had last. */
  get messages(): readonly JsonObject[] {
    return this.connection.told.map(({ message }) => message)
  }

  /** Breaks the connection; it comes back as after any other fault. */
  drop(): void {
    this.#socket?.resetAndDestroy()
  }

  /** Breaks the connection and stays away. */
  end(): void {
    this.#over = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.drop()
  }

  #connect(): void {
    const { port, localAddress } = this.#options
    const connection: ToldConnection = {
      told: [],
      begun: performance.now(),
      port: port(),
      status: null,
      code: null,
    }
    this.connections.push(connection)
    const to = { port: connection.port, host: '127.0.0.1' }
    const socket = connect(localAddress === undefined ? to : { ...to, localAddress })
    this.#socket = socket
    socket.setNoDelay(true)
    socket.write(upgradeRequest(this.uuid))
    socket.on('error', () => undefined)
    const reader = new FrameReader()
    let head = ''
    let closing = 1006
    socket.on('data', (chunk: Buffer) => {
      let bytes = chunk
      if (connection.status === null) {
        head += chunk.toString('latin1')
        const end = head.indexOf('\r\n\r\n')
        if (end < 0) return
        connection.status = Number(head.slice(9, 12))
        bytes = Buffer.from(head.slice(end + 4), 'latin1')
      }
      if (connection.status !== 101) return
      for (const { opcode, payload } of reader.read(bytes)) {
        if (opcode === opcodes.text) this.#hear(connection, payload)
        else if (opcode === opcodes.ping) socket.write(clientFrame(opcodes.pong, payload))
        else if (opcode === opcodes.close) {
          closing = payload.length >= 2 ? payload.readUInt16BE(0) : 1005
          socket.end(clientFrame(opcodes.close, payload.subarray(0, 2)))
        }
      }
    })
    socket.once('close', () => {
      connection.code = closing
      if (closing !== 1000) this.#comeBack()
    })
  }

  #hear(connection: ToldConnection, payload: Buffer): void {
    connection.told.push({ message: JSON.parse(payload.toString('utf8')) as JsonObject, at: performance.now() })
    this.#failures = 0
  }

  #comeBack(): void {
    if (this.#over) return
    if (++this.#failures > mostReconnects) {
      this.#over = true
      return
    }
    this.#timer = setTimeout(() => this.#connect(), this.#options.comesBackAfter?.() ?? 2_000)
  }
}

const upgradeRequest = (uuid: string): string =>
  [
    `GET /sign/${uuid} HTTP/1.1`,
    'Host: localhost',
    'Connection: Upgrade',
    'Upgrade: websocket',
    `Sec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}`,
    'Sec-WebSocket-Version: 13',
    '',
    '',
  ].join('\r\n')
