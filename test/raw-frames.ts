/** The little of RFC 6455 that a cheap client needs: whole frames of a server, and small masked ones of its own. */
export interface RawFrame {
  readonly opcode: number
  readonly payload: Buffer
}

export const opcodes = { text: 0x1, close: 0x8, ping: 0x9, pong: 0xa } as const

/** Cuts what a server sends into frames; an answer to the upgrade must be taken off before. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0)

  /** The frames that are whole by now. */
  read(chunk: Buffer): RawFrame[] {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    const frames: RawFrame[] = []
    let at = 0
    for (;;) {
      const head = headOf(bytes, at)
      if (head === null || head.end > bytes.length) break
      frames.push({ opcode: head.opcode, payload: bytes.subarray(head.start, head.end) })
      at = head.end
    }
    this.#rest = bytes.subarray(at)
    return frames
  }
}

const headOf = (bytes: Buffer, at: number): { opcode: number; start: number; end: number } | null => {
  if (bytes.length < at + 2) return null
  const [first, second] = [bytes[at]!, bytes[at + 1]!]
  if ((first & 0x80) === 0 || (second & 0x80) !== 0) throw new Error('a server sends whole frames without a mask')
  const lengthBytes = second === 126 ? 2 : second === 127 ? 8 : 0
  const start = at + 2 + lengthBytes
  if (bytes.length < start) return null
  const length =
    lengthBytes === 0 ? second : bytes.readUIntBE(start - Math.min(lengthBytes, 6), Math.min(lengthBytes, 6))
  return { opcode: first & 0x0f, start, end: start + length }
}

/** A client's frame of less than 126 bytes, masked with zeros, which leave it as it is. */
export const clientFrame = (opcode: number, payload: Buffer | string = ''): Buffer => {
  const bytes = Buffer.from(payload)
  return Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | bytes.length, 0, 0, 0, 0]), bytes])
}
