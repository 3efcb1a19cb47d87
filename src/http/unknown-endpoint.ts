import type { FastifyReply, FastifyRequest } from 'fastify'
import { refusals } from '../refusals.ts'

/** The answer to a path or method that nothing serves; needs no credentials. Its form is the hosted platform's own. */
export const answerUnknownEndpoint = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
  const { code, status, message } = refusals.endpointUnknown
  const path = request.url.split('?', 1)[0]
  return reply.code(status).send({ error: true, message, reference: '', code, req: path, method: request.method })
}
