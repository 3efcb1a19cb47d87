import { isUtf8 } from 'node:buffer'
import { violations, type Violation } from './violation.ts'

/** @returns what is wrong with the payload of a client's close frame (RFC 6455, section 5.5.1); null when nothing is */
export const checkClose = (payload: Buffer): Violation | null => {
  if (payload.length === 0) return null
  if (!maySend(payload.readUInt16BE(0))) return violations.protocolError
  return isUtf8(payload.subarray(2)) ? null : violations.notUtf8
}

/** RFC 6455, section 7.4, and what was registered since. 1004 to 1006 and 1015 say something only without being sent. */
const maySend = (code: number): boolean =>
  (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999)
