import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import type { ConnectionError, FastifyHttpOptions } from 'fastify'
import { refuse } from '../refusals.ts'
import { callReferenceHeader, newCallReference } from './call-reference.ts'
import { errorBody } from './error-answer.ts'
import { tolerantPath } from './tolerant-path.ts'
import { answerUnknownEndpoint } from './unknown-endpoint.ts'

/** The answer to what is no HTTP request at all; no route, hook or log line has seen it. */
const answerBrokenRequest = (error: ConnectionError, socket: Socket): void => {
  if (error.code === 'ECONNRESET' || !socket.writable) return
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
}

/** What fastify must be built with for every answer, fastify's own included, to be as both APIs promise. */
export const serverOptions = {
  genReqId: newCallReference,
  requestIdHeader: false,
  rewriteUrl: (request) => tolerantPath(request.url ?? ''),
  // requests that arrive on open connections while the server stops are served, not cut off
  return503OnClosing: false,
  // milliseconds for a whole request to arrive; 256 KiB need a minute on the slowest of lines
  requestTimeout: 60_000,
  // Java's and .NET's clients offer HTTP/2 on plain connections; what is no WebSocket is answered as if they had not
  // (Node 24.9 and newer; older ones hand every upgrade over)
  http: { shouldUpgradeCallback: (request) => request.headers.upgrade?.toLowerCase() === 'websocket' },
  // a custom identifier of 40 code points is up to 480 characters long when URL-encoded
  routerOptions: { maxParamLength: 1024 },
  // a URL with broken percent-encoding; hooks do not run for it
  frameworkErrors: (_error, request, reply) => {
    void answerUnknownEndpoint(request, reply.header(callReferenceHeader, request.id))
  },
  clientErrorHandler: answerBrokenRequest,
} satisfies FastifyHttpOptions<Server>
