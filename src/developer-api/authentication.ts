import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Application } from '../application/application.ts'
import type { Applications } from '../application/applications.ts'
import { answerRefusal } from '../http/error-answer.ts'
import { failuresOf, type FailedAuthentications } from '../http/failed-authentications.ts'
import { answerRateLimited } from '../http/rate-limited.ts'
import { isRefusal } from '../refusals.ts'

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
    const failures = failuresOf(failedAuthentications, request.raw)
    if (failures?.allowance.allowed === false) return answerRateLimited(reply, failures.allowance)
    const { 'x-api-key': apiKey, 'x-api-secret': apiSecret } = request.headers
    const application = await applications.authenticate(apiKey, apiSecret)
    if (isRefusal(application)) {
      failures?.count()
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
