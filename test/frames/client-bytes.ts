import type { Random } from '../fault/random.ts'
import { clientFrame } from './client-frame.ts'

/** What a client sends to a socket that admits this many bytes in a message; mostly right, and wrong in every way. */
export const someClientBytes = (random: Random, messageBytes: number): Buffer =>
  random.oneIn(300) ? manyPieces(random) : damaged(random, Buffer.concat(someFrames(random, messageBytes)))

/** About as many as one message may have. */
const manyPieces = (random: Random): Buffer => {
  const pieces = Array.from({ length: 250 + random.below(12) }, (_, n) =>
    clientFrame(n === 0 ? 0x1 : 0x0, 'a'.repeat(random.below(2)), { isFinal: false }),
  )
  return Buffer.concat([...pieces, clientFrame(0x0, 'and the last')])
}

const someFrames = (random: Random, messageBytes: number): Buffer[] => {
  let hasBegun = false
  return Array.from({ length: 1 + random.below(8) }, () => {
    switch (random.choose(kinds)) {
      case 'close':
        return frame(random, true, 0x8, closePayload(random))
      case 'control':
        return frame(random, true, random.choose([0x9, 0xa]), text(random, random.below(9)))
      case 'odd':
        return frame(random, random.oneIn(2), random.below(128), text(random, random.below(140)))
      case 'data': {
        const isFinal = !random.oneIn(3)
        const opcode = hasBegun ? 0x0 : random.choose([0x1, 0x1, 0x2])
        hasBegun = !isFinal
        const length = random.oneIn(6) ? nearBound(random, messageBytes) : random.below(40)
        return frame(random, isFinal, opcode, text(random, length))
      }
    }
  })
}

const kinds = ['data', 'data', 'data', 'data', 'data', 'data', 'control', 'control', 'close', 'odd'] as const

const nearBound = (random: Random, messageBytes: number): number =>
  Math.min(random.choose([0, 125, 126, 65_535, 65_536, messageBytes]), messageBytes) + random.below(3) * random.below(2)

const frame = (random: Random, isFinal: boolean, opcode: number, payload: Buffer): Buffer => {
  const isMasked = !random.oneIn(100)
  const mask = random.oneIn(4) ? Buffer.alloc(4) : bytes(random, 4)
  const first = (isFinal ? 0x80 : 0) | opcode
  const head = [first, ...lengthOf(random, payload.length)]
  if (isMasked) head[1]! |= 0x80
  const masked = payload.map((byte, at) => byte ^ mask[at & 3]!)
  return Buffer.concat([Buffer.from(head), ...(isMasked ? [mask, masked] : [payload])])
}

/** In the shortest form, or now and then in a longer one. */
const lengthOf = (random: Random, length: number): number[] => {
  const form = random.oneIn(20) ? random.below(3) : length < 126 ? 0 : length < 65_536 ? 1 : 2
  if (form === 0 && length < 126) return [length]
  if (form < 2 && length < 65_536) return [126, length >> 8, length & 0xff]
  const long = Buffer.alloc(8)
  long.writeUInt32BE(length, 4)
  // much more than follows
  if (random.oneIn(8)) long[random.below(4)] = random.below(256)
  return [127, ...long]
}

const bytes = (random: Random, length: number): Buffer => Buffer.from(Array.from({ length }, () => random.below(256)))

const text = (random: Random, length: number): Buffer => {
  switch (random.below(8)) {
    case 0:
      return bytes(random, length)
    case 1:
      // whole characters, unless the length cuts the last
      return Buffer.from('é€😀'.repeat(length)).subarray(0, length)
    case 2:
      return Buffer.concat([Buffer.alloc(length), random.choose(brokenCharacters)]).subarray(-length)
    default:
      return Buffer.alloc(length, '{"ping":true}')
  }
}

/** Overlong, half a surrogate pair, beyond Unicode, cut off, a piece without its beginning. */
const brokenCharacters = ['c0af', 'eda080', 'f4908080', 'e282', '80'].map((hex) => Buffer.from(hex, 'hex'))

const closePayload = (random: Random): Buffer => {
  if (random.oneIn(5)) return bytes(random, random.below(3))
  const code = random.choose([1000, 999, 1000 + random.below(17), 1000 + random.below(17), 2999, 3000, 4999, 5000])
  return Buffer.concat([Buffer.from([code >> 8, code & 0xff]), text(random, random.below(random.oneIn(10) ? 126 : 12))])
}

const damaged = (random: Random, whole: Buffer): Buffer => {
  const at = random.below(whole.length)
  switch (random.below(16)) {
    case 0:
      return whole.subarray(0, at)
    case 1: {
      const changed = Buffer.from(whole)
      changed[at]! ^= 1 << random.below(8)
      return changed
    }
    case 2:
      return Buffer.concat([whole.subarray(0, at), bytes(random, 1 + random.below(3)), whole.subarray(at)])
    default:
      return whole
  }
}

/** The same bytes in pieces, as a network may bring them. */
export const cutAnywhere = (random: Random, whole: Buffer): Buffer[] => {
  const cuts = Array.from({ length: random.below(6) }, () => random.below(whole.length + 1)).sort((a, b) => a - b)
  return [0, ...cuts].map((from, index) => whole.subarray(from, cuts[index] ?? whole.length))
}
