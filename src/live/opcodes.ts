/** The kinds of frames (RFC 6455, section 5.2). Those from 8 on control the connection. */
export const opcodes = {
  continuation: 0x0,
  text: 0x1,
  binary: 0x2,
  close: 0x8,
  ping: 0x9,
  pong: 0xa,
} as const
