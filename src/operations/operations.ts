import type { FastifyInstance } from 'fastify'
import type { Registry } from 'prom-client'

/** What a balancer, an orchestrator and Prometheus ask: CONTRACT section 6. No credentials, nothing secret. */
export interface OperationsDependencies {
  readonly readiness: () => Promise<Readiness>
  readonly metrics: Registry
}

/** Why a node should get no traffic; ready when all hold. */
export interface Readiness {
  readonly database: boolean
  readonly bus: boolean
  readonly draining: boolean
}

export const operations = (app: FastifyInstance, { readiness, metrics }: OperationsDependencies): void => {
  // the process is up: nothing else is asked, so that a lost database does not have every node restarted
  app.get('/healthz', async () => ({ status: 'ok' }))

  app.get('/readyz', async (_request, reply) => {
    const state = await readiness()
    const ready = state.database && state.bus && !state.draining
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready', ...state })
  })

  app.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.metrics()))
}
