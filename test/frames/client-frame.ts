/** Of the examples in RFC 6455, section 5.7. */
const mask = Buffer.from([0x37, 0xfa, 0x21, 0x3d])

/** One frame of a client, its length in the shortest form. */
export const clientFrame = (opcode: number, payload: Buffer | string = '', { isFinal = true } = {}): Buffer => {
  const bytes = Buffer.from(payload)
  const { length } = bytes
  const form =
    length < 126
      ? [length]
      : length < 65_536
        ? [126, length >> 8, length & 0xff]
        : [127, 0, 0, 0, 0, 0, length >> 16, (length >> 8) & 0xff, length & 0xff]
  const head = [(isFinal ? 0x80 : 0) | opcode, 0x80 | form[0]!, ...form.slice(1)]
  return Buffer.concat([Buffer.from(head), mask, bytes.map((byte, at) => byte ^ mask[at & 3]!)])
}
