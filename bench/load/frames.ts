/** The little of RFC 6455 that a client needs which is only there to be served. */

export const opcodes = { text: 0x1, close: 0x8, ping: 0x9, pong: 0xa } as const

/**
 * Calls `hear` with each whole frame of `data`: its opcode and where its content is.
 *
 * @returns how many bytes were whole frames
 */
export const eachFrame = (data: Buffer, hear: (opcode: number, start: number, end: number) => void): number => {
  let at = 0
  for (;;) {
    if (data.length - at < 2) return at
    const length = data[at + 1]! & 0x7f
    const headerLength = length < 126 ? 2 : length === 126 ? 4 : 10
    if (data.length - at < headerLength) return at
    const start = at + headerLength
    const end = start + (length < 126 ? length : readLength(data, at + 2, headerLength - 2))
    if (data.length < end) return at
    hear(data[at]! & 0x0f, start, end)
    at = end
  }
}

const readLength = (data: Buffer, at: number, bytes: number): number =>
  bytes === 2 ? data.readUInt16BE(at) : data.readUIntBE(at + 2, 6)

/** A client's frames are masked; a mask of zeros leaves the text as it is. At most 125 bytes. */
export const maskedFrame = (opcode: number, text = ''): Buffer => {
  const content = Buffer.from(text)
  return Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | content.length, 0, 0, 0, 0]), content])
}
