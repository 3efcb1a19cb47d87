import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Application } from '../application/application.ts'
import type { Applications } from '../application/applications.ts'
import type { ReadClientAddress } from '../http/client-address.ts'
import { answerRefusal } from '../http/error-answer.ts'
import type { RateLimit } from '../http/rate-limit.ts'
import { answerRateLimited } from '../http/rate-limited.ts'
import { isRefusal } from '../refusals.ts'

/** How often one address may fail to authenticate, at both APIs together. */
export interface FailedAuthentications {
  readonly limit: RateLimit
  readonly readClientAddress: ReadClientAddress
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by `authenticateApplications` before a route below it runs; undefined elsewhere. */
    application?: Application | null
  }
}

/** Lets through only what carries `x-api-key` and `x-api-secret` of an application; before the body is read. */
export const authenticateApplications = (
  app: FastifyInstance,
  options: {
    readonly applications: Pick<Applications, 'authenticate'>
    readonly failedAuthentications: FailedAuthentications | null
  },
): void => {
  const { applications, failedAuthentications } = options
  app.decorateRequest('application', null)
  app.addHook('onRequest', async (request, reply) => {
    const address = failedAuthentications?.readClientAddress(request.raw)
    const limit = address?.exempt === false ? failedAuthentications?.limit : undefined
    const key = address?.key ?? ''
    const allowance = limit?.peek(key)
    if (allowance?.allowed === false) return answerRateLimited(reply, allowance)
    const { 'x-api-key': apiKey, 'x-api-secret': apiSecret } = request.headers
    const application = await applications.authenticate(apiKey, apiSecret)
    if (isRefusal(application)) {
      limit?.take(key)
      return answerRefusal(reply, application)
    }
    request.application = application
  })
}

/** Whose call this is, on routes below `authenticateApplications`. */
export const applicationOf = (request: FastifyRequest): Application => {
  if (!request.application) throw new Error('a route of the developer API ran without authentication')
  return request.application
}
