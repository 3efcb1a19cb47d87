import type { Server } from 'node:http'
import type { FastifyHttpOptions } from 'fastify'
import { answerBrokenRequest } from './broken-request.ts'
import { callReferenceHeader, newCallReference } from './call-reference.ts'
import { tolerantPath } from './tolerant-path.ts'
import { answerUnknownEndpoint } from './unknown-endpoint.ts'

/** What fastify must be built with for every answer, fastify's own included, to be as both APIs promise. */
export const serverOptions = {
  genReqId: newCallReference,
  requestIdHeader: false,
  rewriteUrl: (request) => tolerantPath(request.url ?? ''),
  // requests that arrive on open connections while the server stops are served, not cut off
  return503OnClosing: false,
  // as long as a request line may be: what is no id is for each API to say, in its own form
  routerOptions: { maxParamLength: 16 * 1024 },
  // should the router fail to read a URL all the same; hooks do not run then
  frameworkErrors: (_error, request, reply) => {
    void answerUnknownEndpoint(request, reply.header(callReferenceHeader, request.id))
  },
  clientErrorHandler: (error, socket) => {
    if (error.code !== 'ECONNRESET') answerBrokenRequest(socket)
  },
  http: {
    // how often node looks who took longer than `requestTimeout`
    connectionsCheckingInterval: 1_000,
    // missing, it is refused in our form (`unusual-requests.ts`)
    requireHostHeader: false,
    // Java's and .NET's clients offer HTTP/2 on plain connections; what is no WebSocket is answered as if they had not
    // (Node 24.9 and newer; older ones hand every upgrade over)
    shouldUpgradeCallback: (request) => request.headers.upgrade?.toLowerCase() === 'websocket',
  },
} satisfies FastifyHttpOptions<Server>
