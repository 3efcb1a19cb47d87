import type { FastifyInstance } from 'fastify'

/**
 * From then on every answer ends its connection: the server's stop waits for each that is kept alive, and Node ends by
 * itself only those that are idle when the stop begins.
 */
export const endConnectionsOnce = (app: FastifyInstance, stopping: () => boolean): void => {
  app.addHook('onSend', async (_request, reply) => {
    if (stopping()) reply.header('connection', 'close')
  })
}
