import type { Duplex } from 'node:stream'
import { refuse } from '../refusals.ts'
import { callReferenceHeader, newCallReference } from './call-reference.ts'
import { errorBody } from './error-answer.ts'

/** Milliseconds between the answer and the end: a connection that is cut off with bytes unread may lose the answer. */
const farewell = 1_000

/**
 * Answers on the connection itself what is no HTTP request at all; no route, hook or log line has seen it. The connection
 * ends whether or not its client closes it.
 */
export const answerBrokenRequest = (socket: Duplex): void => {
  if (!socket.writable) return
  const callId = newCallReference()
  const body = JSON.stringify(errorBody(refuse('requestBroken'), callId))
  const head = [
    'HTTP/1.1 400 Bad Request',
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    `${callReferenceHeader}: ${callId}`,
    'connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
  socket.resume()
  setTimeout(() => socket.destroy(), farewell).unref()
}
