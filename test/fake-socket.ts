import type { Frame } from '../src/live/frames.ts'
import type { CloseCode, SocketListener, StatusSocket } from '../src/live/status-socket.ts'

/** What unmasked frames say: JSON of text frames, `ping` for a WebSocket ping. */
export const readFrames = (bytes: Buffer): unknown[] => {
  const messages: unknown[] = []
  for (let at = 0; at < bytes.length;) {
    const short = bytes[at + 1]!
    const opcode = bytes[at]!
    const start = at + (short < 126 ? 2 : short === 126 ? 4 : 10)
    const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : bytes.readUIntBE(at + 4, 6)
    if (opcode === 0x81) messages.push(JSON.parse(bytes.toString('utf8', start, start + length)))
    else if (opcode === 0x89) messages.push('ping')
    else throw new Error(`unexpected frame 0x${opcode.toString(16)}`)
    at = start + length
  }
  return messages
}

const endsWithPing = (frame: Frame): boolean => frame.at(-2) === 0x89 && frame.at(-1) === 0

/** A socket whose peer is the test, but for pings, which it answers like any WebSocket client. */
export class FakeSocket implements StatusSocket {
  listener!: SocketListener
  bufferedAmount = 0
  answersPings = true
  closedWith: CloseCode | 'terminated' | null = null
  readonly #written: Frame[] = []

  write(frame: Frame): void {
    if (this.closedWith !== null) return
    this.#written.push(frame)
    if (this.answersPings && endsWithPing(frame)) this.listener.onPong()
  }

  close(code: CloseCode): void {
    this.closedWith ??= code
  }

  terminate(): void {
    this.closedWith ??= 'terminated'
  }

  /** Everything that was sent, pings apart. */
  get told(): unknown[] {
    return this.everything.filter((message) => message !== 'ping')
  }

  get everything(): unknown[] {
    return this.#written.flatMap(readFrames)
  }

  get frames(): readonly Frame[] {
    return this.#written
  }

  /** The client sends text. */
  say(text: string): void {
    this.listener.onMessage(Buffer.from(text))
  }

  /** The connection is gone. */
  vanish(): void {
    this.closedWith ??= 'terminated'
    this.listener.onClose()
  }
}
