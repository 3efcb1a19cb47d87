import { isUtf8 } from 'node:buffer'
import type { Duplex } from 'node:stream'
import type { Milliseconds } from '../../clock.ts'
import { encodeFrame, type Frame } from '../frames.ts'
import { opcodes } from '../opcodes.ts'
import type { CloseCode, SocketListener, StatusSocket } from '../status-socket.ts'
import type { Timer, Timers } from '../timers.ts'
import { checkClose } from './check-close.ts'
import { readFrame, type ClientFrame } from './read-frame.ts'
import { violations, type Violation } from './violation.ts'

/** What the sockets of a node share. */
export interface FrameSocketContext {
  /** Bytes of one message. */
  readonly messageBytes: number
  /** How long a peer may take to answer the closing handshake. */
  readonly closeTimeout: Milliseconds
  readonly timers: Timers
}

/** A message of which the last piece is still to come. */
interface BegunMessage {
  readonly isText: boolean
  readonly bytes: Buffer
  readonly pieces: number
}

/** What one message may be cut into: an honest peer sends less than 4 KiB in one or two pieces. */
export const mostPieces = 256

/** By which a stream's events find its socket: three functions serve all of them, where closures would be three each. */
const owner = Symbol('owner')
interface OwnedStream extends Duplex {
  [owner]: FrameSocket
}

function onData(this: OwnedStream, chunk: Buffer): void {
  this[owner].receive(chunk)
}
function onClose(this: OwnedStream): void {
  this[owner].forget()
}
function onError(this: OwnedStream): void {
  this.destroy()
}

/**
 * The server's side of one WebSocket connection (RFC 6455), over a stream whose handshake is done. There are many, and
 * nearly all of them are idle at any time: then it keeps nothing but its stream and its listener.
 */
export class FrameSocket implements StatusSocket {
  listener!: SocketListener
  readonly #stream: Duplex
  readonly #context: FrameSocketContext
  /** `closing`: we said goodbye and wait for the peer's. `deaf`: what still comes is of no interest. */
  #state: 'open' | 'closing' | 'deaf' = 'open'
  /** The beginning of a frame. */
  #rest: Buffer | null = null
  #message: BegunMessage | null = null
  #cutOff: Timer | null = null

  constructor(stream: Duplex, context: FrameSocketContext) {
    this.#stream = stream
    this.#context = context
    // a peer that ends its side has nothing to wait for
    stream.allowHalfOpen = false
    Object.assign(stream, { [owner]: this })
    stream.on('error', onError).on('close', onClose).on('data', onData)
  }

  get bufferedAmount(): number {
    return this.#stream.writableLength
  }

  write(frame: Frame): void {
    if (this.#state === 'open' && this.#stream.writable) this.#stream.write(frame)
  }

  close(code: CloseCode, reason: string): void {
    this.#sayGoodbye(closePayload(code, reason))
  }

  terminate(): void {
    this.#state = 'deaf'
    this.#stream.destroy()
  }

  /** Bytes from the peer, cut anywhere. */
  receive(chunk: Buffer): void {
    const bytes = this.#rest === null ? chunk : Buffer.concat([this.#rest, chunk])
    let at = 0
    while (this.#state !== 'deaf') {
      const room = this.#context.messageBytes - (this.#message?.bytes.length ?? 0)
      const frame = readFrame(bytes, at, this.#message !== null, room)
      if (frame === null) break
      const violation = typeof frame === 'number' ? frame : this.#take(frame)
      if (violation !== null) this.#sayLast(closePayload(violation))
      if (typeof frame !== 'number') at = frame.end
    }
    this.#rest = at === bytes.length || this.#state === 'deaf' ? null : ownCopy(bytes.subarray(at))
  }

  /** The stream is gone. */
  forget(): void {
    this.#state = 'deaf'
    this.#cutOff?.close()
    this.listener.onClose()
  }

  #take(frame: ClientFrame): Violation | null {
    switch (frame.opcode) {
      case opcodes.close:
        return this.#takeClose(frame.payload)
      case opcodes.ping:
        this.write(encodeFrame(opcodes.pong, frame.payload))
        this.listener.onPing()
        return null
      case opcodes.pong:
        this.listener.onPong()
        return null
      default:
        return this.#takePiece(frame)
    }
  }

  #takeClose(payload: Buffer): Violation | null {
    const violation = checkClose(payload)
    if (violation === null) this.#sayLast(payload)
    return violation
  }

  #takePiece({ isFinal, opcode, payload }: ClientFrame): Violation | null {
    const begun = this.#message
    if (begun === null && isFinal) return this.#takeMessage(opcode === opcodes.text, payload)
    const { isText, bytes, pieces } = begun ?? { isText: opcode === opcodes.text, bytes: nothing, pieces: 0 }
    if (pieces === mostPieces) return violations.tooManyPieces
    const together = ownCopy(bytes, payload)
    this.#message = isFinal ? null : { isText, bytes: together, pieces: pieces + 1 }
    return isFinal ? this.#takeMessage(isText, together) : null
  }

  #takeMessage(isText: boolean, bytes: Buffer): Violation | null {
    if (isText && !isUtf8(bytes)) return violations.notUtf8
    this.listener.onMessage(bytes)
    return null
  }

  /** Ours, after which the peer's is waited for. */
  #sayGoodbye(payload: Buffer): void {
    if (this.#state !== 'open') return
    this.write(encodeFrame(opcodes.close, payload))
    this.#state = 'closing'
    const { timers, closeTimeout } = this.#context
    this.#cutOff = timers.start(closeTimeout, () => this.#stream.destroy())
  }

  /** After the peer's goodbye or misconduct: ours, if it was not said, and the end. */
  #sayLast(payload: Buffer): void {
    this.#sayGoodbye(payload)
    this.#state = 'deaf'
    this.#message = null
    this.#stream.end()
  }
}

const closePayload = (code: number, reason = ''): Buffer => {
  const payload = Buffer.from(`  ${reason}`)
  payload.writeUInt16BE(code)
  return payload
}

const nothing = Buffer.alloc(0)

/** One after the other, in memory of their own: no chunk of the network and no pool is kept for a few bytes of it. */
const ownCopy = (...parts: readonly Buffer[]): Buffer => {
  const copy = Buffer.allocUnsafeSlow(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) at += part.copy(copy, at)
  return copy
}
