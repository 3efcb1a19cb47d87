import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'

/** Every call has a uuid: fastify's `request.id`, in the log, in error bodies, and in this header of every response. */
export const callReferenceHeader = 'x-call-ref'

/** For fastify's `genReqId`; what a client sends as an id is not believed. */
export const newCallReference = (): string => randomUUID()

/** On the root instance, before anything else, so that refusals of later hooks and unknown routes carry it, too. */
export const sendCallReference = (app: FastifyInstance): void => {
  app.addHook('onRequest', async (request, reply) => {
    reply.header(callReferenceHeader, request.id)
  })
}
