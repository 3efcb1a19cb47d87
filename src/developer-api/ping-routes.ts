import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import { addRoute } from '../http/route.ts'
import { applicationOf } from './authentication.ts'

const Pong = Type.Object({
  pong: Type.Boolean(),
  auth: Type.Object({
    quota: Type.Object({}),
    application: Type.Object({
      uuidv4: Type.String(),
      name: Type.String(),
      webhookurl: Type.String(),
      disabled: Type.Integer(),
    }),
    call: Type.Object({ uuidv4: Type.String() }),
  }),
})

/** `/ping`: are the credentials right, and whose are they? */
export const addPingRoutes = (app: FastifyInstance): void => {
  for (const method of ['GET', 'POST'] as const) {
    addRoute(app, {
      method,
      url: '/ping',
      answer: Pong,
      handle: async ({ request, callId }) => {
        const { id, name, webhookUrl } = applicationOf(request)
        // a disabled application never gets here
        const application = { uuidv4: id, name, webhookurl: webhookUrl, disabled: 0 }
        return { pong: true, auth: { quota: {}, application, call: { uuidv4: callId } } }
      },
    })
  }
}
