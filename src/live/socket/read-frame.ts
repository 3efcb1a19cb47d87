import { opcodes } from '../opcodes.ts'
import { violations, type Violation } from './violation.ts'

/** One frame of a client (RFC 6455, section 5.2). */
export interface ClientFrame {
  readonly isFinal: boolean
  readonly opcode: number
  /** Without its mask: a view of what was read. */
  readonly payload: Buffer
  /** Where the next frame begins. */
  readonly end: number
}

const maskLength = 4
const longestControlPayload = 125

/**
 * Reads the frame that begins at `at`, and takes the mask off its payload in place. No state is kept in between: the few
 * frames that come in pieces are read from their beginning again.
 *
 * @param isContinued whether a message has begun and not ended, so that its next piece must follow
 * @param room how many bytes the message may still have
 * @returns null while a part of it is still missing; what a client may not send is known as soon as its header is
 */
export const readFrame = (
  bytes: Buffer,
  at: number,
  isContinued: boolean,
  room: number,
): ClientFrame | Violation | null => {
  if (bytes.length < at + 2) return null
  const first = bytes[at]!
  const second = bytes[at + 1]!
  const isFinal = first >= 0x80
  // with the reserved bits, so that none of them passes
  const opcode = first & 0x7f
  const short = second & 0x7f
  if (second < 0x80 || !mayCome(opcode, isFinal, short, isContinued)) return violations.protocolError

  const start = at + 2 + (short < 126 ? 0 : short === 126 ? 2 : 8)
  if (bytes.length < start) return null
  const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : readUInt64(bytes, at + 2)
  if (opcode < opcodes.close && length > room) return violations.tooLong

  const payloadAt = start + maskLength
  const end = payloadAt + length
  if (bytes.length < end) return null
  for (let i = 0; i < length; i++) bytes[payloadAt + i]! ^= bytes[start + (i & 3)]!
  return { isFinal, opcode, payload: bytes.subarray(payloadAt, end), end }
}

const mayCome = (opcode: number, isFinal: boolean, short: number, isContinued: boolean): boolean => {
  switch (opcode) {
    case opcodes.continuation:
      return isContinued
    case opcodes.text:
    case opcodes.binary:
      return !isContinued
    case opcodes.close:
      return isFinal && short <= longestControlPayload && short !== 1
    case opcodes.ping:
    case opcodes.pong:
      return isFinal && short <= longestControlPayload
    default:
      return false
  }
}

/** Not exact from 2^53 on, which is too long anyhow. */
const readUInt64 = (bytes: Buffer, at: number): number => bytes.readUInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4)
