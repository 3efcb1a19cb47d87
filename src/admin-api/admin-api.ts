import type { FastifyInstance } from 'fastify'
import { answerErrors, answerRefusal } from '../http/error-answer.ts'
import type { FailedAuthentications } from '../http/failed-authentications.ts'
import { acceptJsonBodies } from '../http/json-body.ts'
import { answerOnlyAsOwnSite } from '../http/own-site.ts'
import { onlyDescribeBySchemas } from '../http/route.ts'
import type { PayloadStore } from '../payload/payload-store.ts'
import { refuse } from '../refusals.ts'
import type { Deliveries } from '../webhook/deliveries.ts'
import { authenticateOperators } from './authentication.ts'
import { addDeliveryRoutes } from './delivery-routes.ts'
import { addRefusedSignatureRoute } from './refused-signature-route.ts'
import { addTestEventRoute } from './test-event-route.ts'

export interface AdminApiOptions {
  readonly deliveries: Deliveries
  readonly payloads: Pick<PayloadStore, 'find' | 'listRefusedSignatures'>
  /** What the bearer must be; without one every call is answered that the API is not configured. */
  readonly token: string | null
  readonly publicUrl: () => string
  /** Not limited when null. */
  readonly failedAuthentications: FailedAuthentications | null
}

/**
 * The API for operators, to be registered under `/api/v1/admin` on an instance made with `http/server-options.ts` and
 * `sendCallReference`. Source: CONTRACT sections 3 and 6.
 */
export const adminApi = async (app: FastifyInstance, options: AdminApiOptions): Promise<void> => {
  acceptJsonBodies(app)
  answerErrors(app)
  onlyDescribeBySchemas(app)
  app.setNotFoundHandler((_request, reply) => answerRefusal(reply, refuse('endpointUnknown')))
  answerOnlyAsOwnSite(app, options.publicUrl)
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
  })

  await app.register(async (authenticated) => {
    authenticateOperators(authenticated, options)
    addDeliveryRoutes(authenticated, options)
    addTestEventRoute(authenticated, options)
    addRefusedSignatureRoute(authenticated, options)
  })
}
