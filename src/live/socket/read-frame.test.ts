import { describe, expect, it } from 'vitest'
import { readFrame } from './read-frame.ts'

const mask = [1, 2, 3, 4]

/** @param lengthForm as the bytes after the first, without the bit of the mask */
const frame = (first: number, lengthForm: readonly number[], payload: Buffer): Buffer =>
  Buffer.from([
    first,
    0x80 | lengthForm[0]!,
    ...lengthForm.slice(1),
    ...mask,
    ...payload.map((byte, at) => byte ^ mask[at & 3]!),
  ])

const read = (bytes: Buffer, { at = 0, isContinued = false, room = 100_000 } = {}) =>
  readFrame(Buffer.from(bytes), at, isContinued, room)

describe('a frame', () => {
  it.each([
    ['in seven bits', [5]],
    ['in two bytes', [126, 0, 5]],
    ['in eight bytes', [127, 0, 0, 0, 0, 0, 0, 0, 5]],
  ])('with its length %s is read without its mask', (_, lengthForm) => {
    const bytes = frame(0x81, lengthForm, Buffer.from('hello'))
    const payload = Buffer.from('hello')
    expect(read(bytes)).toEqual({ isFinal: true, opcode: 1, payload, end: bytes.length })
  })

  it.each([0, 125, 126, 65_535, 65_536])('of %i bytes is read', (length) => {
    const form =
      length < 126
        ? [length]
        : length < 65_536
          ? [126, length >> 8, length & 0xff]
          : [127, 0, 0, 0, 0, 0, length >> 16, (length >> 8) & 0xff, length & 0xff]
    const payload = Buffer.alloc(length, 'abc')
    expect(read(frame(0x82, form, payload))).toMatchObject({ opcode: 2, payload })
  })

  it.each([
    ['short', frame(0x89, [3], Buffer.from('abc'))],
    ['long', frame(0x01, [126, 1, 0], Buffer.alloc(256, 'abc'))],
  ])('that is %s is not there until its last byte is', (_, bytes) => {
    for (let length = 0; length < bytes.length; length++) expect(read(bytes.subarray(0, length))).toBe(null)
    expect(read(bytes)).toMatchObject({ end: bytes.length })
  })

  it('is read where it begins, whatever is before and behind it', () => {
    const one = frame(0x89, [1], Buffer.from('a'))
    const other = frame(0x8a, [1], Buffer.from('b'))
    expect(read(Buffer.concat([one, other, one]), { at: one.length })).toEqual({
      isFinal: true,
      opcode: 0xa,
      payload: Buffer.from('b'),
      end: one.length + other.length,
    })
  })

  it('of a message may be as long as its room, and a control frame needs none', () => {
    const bytes = frame(0x81, [4], Buffer.from('abcd'))
    expect(read(bytes, { room: 4 })).toMatchObject({ opcode: 1 })
    expect(read(bytes, { room: 3 })).toBe(1009)
    expect(read(frame(0x89, [4], Buffer.from('abcd')), { room: 0 })).toMatchObject({ opcode: 9 })
  })

  it.each(
    [...Array(16).keys()].flatMap((opcode) => [false, true].map((isContinued) => [opcode, isContinued] as const)),
  )('of opcode %i is known by whether a message has begun (%s)', (opcode, isContinued) => {
    const isAllowed = opcode === 0 ? isContinued : opcode <= 2 ? !isContinued : opcode >= 8 && opcode <= 10
    const result = read(frame(0x80 | opcode, [0], Buffer.alloc(0)), { isContinued })
    expect(typeof result === 'object').toBe(isAllowed)
    if (!isAllowed) expect(result).toBe(1002)
  })

  it.each([
    ['with a reserved bit, the first', [0xc1, 0x80]],
    ['with a reserved bit, the second', [0xa1, 0x80]],
    ['with a reserved bit, the third', [0x91, 0x80]],
    ['without a mask', [0x81, 0x00]],
    ['of control in pieces', [0x09, 0x80]],
    ['of control with a long length', [0x8a, 0x80 | 126]],
    ['of control with a very long length', [0x88, 0x80 | 127]],
    ['that closes with half a code', [0x88, 0x81]],
  ])('%s is refused by its first two bytes', (_, bytes) => {
    expect(read(Buffer.from(bytes))).toBe(1002)
  })

  it.each([
    ['2^32 bytes', [0, 0, 0, 1, 0, 0, 0, 0]],
    ['2^53 bytes', [0, 0x20, 0, 0, 0, 0, 0, 0]],
    ['the bit that must not be set', [0x80, 0, 0, 0, 0, 0, 0, 1]],
  ])('that promises %s is refused before they come', (_, length) => {
    expect(read(Buffer.from([0x81, 0xff, ...length]))).toBe(1009)
  })
})
