import type { FastifyInstance } from 'fastify'
import { applicationOf } from './authentication.ts'

/** `/ping`: are the credentials right, and whose are they? */
export const pingRoutes = (app: FastifyInstance): void => {
  app.route({
    method: ['GET', 'POST'],
    url: '/ping',
    handler: async (request) => {
      const { id, name, webhookUrl } = applicationOf(request)
      return {
        pong: true,
        auth: {
          quota: {},
          // a disabled application never gets here
          application: { uuidv4: id, name, webhookurl: webhookUrl, disabled: 0 },
          call: { uuidv4: request.id },
        },
      }
    },
  })
}
