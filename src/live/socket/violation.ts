/** What a client's bytes may break, by the code that its connection is closed with (RFC 6455, section 7.4.1). */
export const violations = {
  protocolError: 1002,
  notUtf8: 1007,
  tooManyPieces: 1008,
  tooLong: 1009,
} as const
export type Violation = (typeof violations)[keyof typeof violations]
