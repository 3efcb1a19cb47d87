import type { FastifyInstance } from 'fastify'
import { refuse } from '../refusals.ts'
import { answerBrokenRequest } from './broken-request.ts'
import { answerRefusal } from './error-answer.ts'

/**
 * Requests that node would answer by itself, without a body, or not at all. On the root instance, after
 * `sendCallReference`; `serverOptions` keep node from answering first.
 */
export const answerUnusualRequests = (app: FastifyInstance): void => {
  // RFC 9112, section 3.2
  app.addHook('onRequest', async (request, reply) => {
    if (request.raw.httpVersion === '1.1' && request.headers.host === undefined) {
      return answerRefusal(reply, refuse('requestBroken', 'The request has no Host header.'))
    }
  })
  // an expectation that nobody knows may be passed over: RFC 9110, section 10.1.1
  app.server.on('checkExpectation', (request, response) => void app.server.emit('request', request, response))
  // this is no proxy
  app.server.on('connect', (_request, socket) => {
    socket.on('error', () => socket.destroy())
    answerBrokenRequest(socket)
  })
}
