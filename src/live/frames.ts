import type { ResolveMessage } from '../payload/resolve-message.ts'
import type { Announcement, Facts } from '../payload/facts.ts'
import { opcodes } from './opcodes.ts'

/**
 * Every message of CONTRACT section 1, as the bytes that go on the connection: one or more whole WebSocket frames,
 * header included. A server's frames carry no mask (RFC 6455, section 5.1), so one buffer serves every subscriber.
 */
export type Frame = Buffer

const textFrame = (message: object): Frame => encodeFrame(opcodes.text, Buffer.from(JSON.stringify(message)))

/** A message or a control frame in one piece. */
export const encodeFrame = (opcode: number, payload: Buffer): Frame =>
  Buffer.concat([header(opcode, payload.length), payload])

const header = (opcode: number, length: number): Buffer => {
  const first = 0x80 | opcode
  if (length < 126) return Buffer.from([first, length])
  if (length < 65_536) return Buffer.from([first, 126, length >> 8, length & 0xff])
  const long = Buffer.from([first, 127, 0, 0, 0, 0, 0, 0, 0, 0])
  long.writeUIntBE(length, 4, 6)
  return long
}

export const ping: Frame = header(opcodes.ping, 0)
export const expired = textFrame({ expired: true })
export const devappFetched = textFrame({ devapp_fetched: true })
export const rightBack = textFrame({ message: 'Right back at you!' })

const opened = textFrame({ opened: true })
const preSigned = textFrame({ pre_signed: true })
const dispatched = textFrame({ dispatched: true })

export const welcome = (payloadId: string): Frame => textFrame({ message: `Welcome ${payloadId}` })

export const unknownPayload = (payloadId: string): Frame =>
  textFrame({ message: `There is no payload with the id ${payloadId}.` })

/** Forgets everything once it holds this much; a round of keepalives rarely needs more at a time. */
const rememberedFrames = 256
const expiresInFrames = new Map<number, Frame>()
const keepaliveFrames = new Map<number, Frame>()

const remembered = (known: Map<number, Frame>, seconds: number, encode: () => Frame): Frame => {
  let frame = known.get(seconds)
  if (frame === undefined) {
    if (known.size >= rememberedFrames) known.clear()
    known.set(seconds, (frame = encode()))
  }
  return frame
}

/** @param seconds as `secondsLeft` gives them: whole, negative after expiry */
export const expiresIn = (seconds: number): Frame =>
  remembered(expiresInFrames, seconds, () => textFrame({ expires_in_seconds: seconds }))

/** The seconds left and a WebSocket ping behind them, in one piece. */
export const keepalive = (seconds: number): Frame =>
  remembered(keepaliveFrames, seconds, () => Buffer.concat([expiresIn(seconds), ping]))

/** The contract's keys in the contract's order, whatever order a node or a database brought them in. */
const resolved = (message: ResolveMessage): Frame =>
  textFrame({
    payload_uuidv4: message.payload_uuidv4,
    reference_call_uuidv4: message.reference_call_uuidv4,
    signed: message.signed,
    user_token: message.user_token,
    opened_by_deeplink: message.opened_by_deeplink,
    return_url: { app: message.return_url.app, web: message.return_url.web },
    txid: message.txid,
    custom_meta: {
      identifier: message.custom_meta.identifier,
      blob: message.custom_meta.blob,
      instruction: message.custom_meta.instruction,
    },
  })

export const announcementFrame = (announcement: Announcement, facts: Facts): Frame => {
  switch (announcement) {
    case 'opened':
      return opened
    case 'preSigned':
      return preSigned
    case 'dispatched':
      return dispatched
    case 'resolved':
      return resolved(facts.resolved!)
  }
}
