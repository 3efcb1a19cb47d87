import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { eachFrame, maskedFrame, opcodes } from '../../bench/load/frames.ts'

/** A server's frame with this content. */
const frame = (opcode: number, content: Buffer): Buffer => {
  const { length } = content
  if (length < 126) return Buffer.concat([Buffer.from([0x80 | opcode, length]), content])
  const header = Buffer.alloc(length < 65_536 ? 4 : 10)
  header[0] = 0x80 | opcode
  header[1] = length < 65_536 ? 126 : 127
  if (length < 65_536) header.writeUInt16BE(length, 2)
  else header.writeBigUInt64BE(BigInt(length), 2)
  return Buffer.concat([header, content])
}

describe("the load generator's reader of frames", () => {
  it('hears every frame once and in order, wherever the stream is cut', () => {
    const sizes = fc.constantFrom(0, 1, 125, 126, 1_000, 65_535, 65_536)
    fc.assert(
      fc.property(fc.array(sizes, { maxLength: 5 }), fc.array(fc.nat(), { maxLength: 6 }), (lengths, cuts) => {
        const stream = Buffer.concat(lengths.map((length, n) => frame(opcodes.text, Buffer.alloc(length, n))))
        const places = cuts.map((cut) => cut % (stream.length + 1)).sort((one, other) => one - other)
        const heard: string[] = []
        let rest = Buffer.alloc(0)
        for (const [index, place] of [...places, stream.length].entries()) {
          const data = Buffer.concat([rest, stream.subarray(places[index - 1] ?? 0, place)])
          const whole = eachFrame(data, (opcode, start, end) =>
            heard.push(`${opcode} ${data.toString('hex', start, end)}`),
          )
          rest = data.subarray(whole)
        }
        expect(rest).toHaveLength(0)
        expect(heard).toEqual(lengths.map((length, n) => `${opcodes.text} ${Buffer.alloc(length, n).toString('hex')}`))
      }),
      { numRuns: 200 },
    )
  })

  it('has a client say its messages masked, with a mask that changes nothing', () => {
    expect(maskedFrame(opcodes.text, 'hi').toString('hex')).toBe('818200000000' + Buffer.from('hi').toString('hex'))
  })
})
