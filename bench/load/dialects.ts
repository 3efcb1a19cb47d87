import { maskedFrame, opcodes } from './frames.ts'

/** How the subjects differ for a client. */
export interface Dialect {
  readonly path: (id: string) => string
  /** What makes a client ready to be told: the upgrade, or a text that begins so. */
  readonly readyText: string | null
  /** Said to certain texts, by what they begin with. */
  readonly replies: readonly (readonly [beginning: string, reply: Buffer])[]
  /** A message that is answered with a text that begins so; null where clients cannot say anything. */
  readonly ping: { readonly frame: Buffer; readonly answer: string } | null
}

const text = (content: string): Buffer => maskedFrame(opcodes.text, content)

export const dialects = {
  plain: {
    path: (id) => `/sign/${id}`,
    readyText: '{"message":"Welcome',
    replies: [],
    ping: { frame: text('{"ping":true}'), answer: '{"message":"Right' },
  },
  'socket.io': {
    path: (id) => `/socket.io/?EIO=4&transport=websocket&id=${id}`,
    readyText: '42["message",{"message":"Welcome',
    // the connection of the transport opened, and its keepalive
    replies: [
      ['0{', text('40')],
      ['2', text('3')],
    ],
    ping: { frame: text('42["message",{"ping":true}]'), answer: '42["message",{"message":"Right' },
  },
  nchan: { path: (id) => `/sign/${id}`, readyText: null, replies: [], ping: null },
} as const satisfies Record<string, Dialect>

export type DialectName = keyof typeof dialects
