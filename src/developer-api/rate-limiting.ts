import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../clock.ts'
import { RateLimit, type Allowance } from '../http/rate-limit.ts'
import { answerRateLimited } from '../http/rate-limited.ts'
import { routeClasses, type RateLimits, type RouteClass } from './rate-limits.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What calls to the route count as; `other` when left out. */
    routeClass?: RouteClass
  }
}

/**
 * Counts calls per application and refuses those over the limit. Every response says how it stands; one that no
 * application is known for says so as for an application that made no call yet. Does nothing without limits.
 */
export const limitRates = (
  app: FastifyInstance,
  { rateLimits, clock }: { readonly rateLimits: RateLimits | null; readonly clock: Clock },
): void => {
  if (rateLimits === null) return
  const limits = limitsByClass(rateLimits, clock)
  const limitFor = (request: FastifyRequest) => limits.get(request.routeOptions.config.routeClass ?? 'other')
  const tell = (reply: FastifyReply, { limit, remaining }: Allowance) =>
    reply.header('x-ratelimit-limit', limit).header('x-ratelimit-remaining', remaining)

  app.addHook('onRequest', async (request, reply) => {
    const nobody = limitFor(request)?.peek('')
    if (nobody !== undefined) void tell(reply, nobody)
  })
  // after authentication, before the body is read
  app.addHook('preParsing', async (request, reply) => {
    const limit = limitFor(request)
    if (limit === undefined || !request.application) return
    const allowance = limit.take(request.application.id)
    void tell(reply, allowance)
    if (!allowance.allowed) await answerRateLimited(reply, allowance)
  })
}

const limitsByClass = (limits: RateLimits, clock: Clock): ReadonlyMap<RouteClass, RateLimit> => {
  const byClass = new Map<RouteClass, RateLimit>()
  const together = typeof limits === 'number' ? new RateLimit(limits, clock) : null
  for (const name of routeClasses) {
    const limit = typeof limits === 'number' ? undefined : limits[name]
    if (together !== null) byClass.set(name, together)
    else if (limit !== undefined) byClass.set(name, new RateLimit(limit, clock))
  }
  return byClass
}
