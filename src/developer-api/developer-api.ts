import type { FastifyInstance } from 'fastify'
import type { ApplicationStore } from '../application/application-store.ts'
import type { Applications } from '../application/applications.ts'
import type { Clock } from '../clock.ts'
import { answerErrors, answerRefusal } from '../http/error-answer.ts'
import type { FailedAuthentications } from '../http/failed-authentications.ts'
import { acceptJsonBodies, bodyOf } from '../http/json-body.ts'
import { onlyDescribeBySchemas } from '../http/route.ts'
import { answerUnknownEndpoint } from '../http/unknown-endpoint.ts'
import type { LedgerNodes } from '../ledger/ledger-nodes.ts'
import type { Payloads } from '../payload/payloads.ts'
import { addAppStorageRoutes } from './app-storage-routes.ts'
import { authenticateApplications } from './authentication.ts'
import { addOperatorDataRoutes, addOpenOperatorDataRoutes } from './operator-data-routes.ts'
import { addPayloadRoutes } from './payload-routes.ts'
import { addPingRoutes } from './ping-routes.ts'
import { limitRates } from './rate-limiting.ts'
import type { RateLimits } from './rate-limits.ts'
import { addTransactionRoutes } from './transaction-routes.ts'
import { addUserTokenRoutes } from './user-token-routes.ts'

export interface DeveloperApiOptions {
  readonly payloads: Payloads
  readonly applications: Pick<Applications, 'authenticate'>
  readonly applicationStore: Pick<ApplicationStore, 'readData' | 'writeData' | 'findUserToken'>
  /** What users see, without a slash at its end. Read at every call: it may follow from the listening address. */
  readonly publicUrl: string
  /** For `/xrpl-tx`, which answers 404 without. */
  readonly ledgerNodes: LedgerNodes | null
  readonly clock: Clock
  /** Off when null. */
  readonly rateLimits: RateLimits | null
  /** Not limited when null. */
  readonly failedAuthentications: FailedAuthentications | null
}

/**
 * The API for application back ends, to be registered under `/api/v1/platform` on an instance made with
 * `http/server-options.ts` and `sendCallReference`. Source: CONTRACT section 2.
 */
export const developerApi = async (app: FastifyInstance, options: DeveloperApiOptions): Promise<void> => {
  acceptJsonBodies(app)
  answerErrors(app)
  onlyDescribeBySchemas(app)
  app.setNotFoundHandler(answerUnknownEndpoint)
  app.addHook('preValidation', async (request, reply) => {
    const body = bodyOf(request)
    if ('refused' in body && !request.is404) return answerRefusal(reply, body)
  })
  limitRates(app, options)

  addOpenOperatorDataRoutes(app)
  await app.register(async (authenticated) => {
    authenticateApplications(authenticated, options)
    addPingRoutes(authenticated)
    addPayloadRoutes(authenticated, options)
    addAppStorageRoutes(authenticated, options)
    addUserTokenRoutes(authenticated, options)
    addOperatorDataRoutes(authenticated)
    addTransactionRoutes(authenticated, options)
  })
}
