import type { FastifyInstance } from 'fastify'
import type { Registry } from 'prom-client'
import { answerRefusal } from '../http/error-answer.ts'
import { isRefusal } from '../refusals.ts'
import { isReady, readExcluded, type Readiness } from './readiness.ts'

/** What a balancer, an orchestrator and Prometheus ask: CONTRACT section 6. No credentials, nothing secret. */
export interface OperationsDependencies {
  readonly readiness: () => Promise<Readiness>
  readonly metrics: MetricsSource
}

/** Those of one process, or of all workers of a node together. */
export type MetricsSource = Pick<Registry, 'metrics' | 'contentType'>

export const operations = (app: FastifyInstance, { readiness, metrics }: OperationsDependencies): void => {
  // the process is up: nothing else is asked, so that a lost database does not have every node restarted
  app.get('/healthz', async () => ({ status: 'ok' }))

  // what is excluded is shown all the same
  app.get<{ Querystring: { exclude?: string | string[] } }>('/readyz', async (request, reply) => {
    const excluded = readExcluded(request.query.exclude)
    if (isRefusal(excluded)) return answerRefusal(reply, excluded)
    const state = await readiness()
    const ready = isReady(state, excluded)
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready', ...state })
  })

  app.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.metrics()))
}
