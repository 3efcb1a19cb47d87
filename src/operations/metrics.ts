import type { FastifyInstance } from 'fastify'
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

/** A number that somebody else keeps and Prometheus reads when it asks. */
export interface Reading {
  readonly name: string
  readonly help: string
  /** A counter only ever rises. */
  readonly kind: 'gauge' | 'counter'
  readonly read: () => number
  /** How the figures of a node's workers become the node's. Default: they are added. */
  readonly aggregator?: 'sum' | 'min' | 'max' | 'average'
}

/** @returns a registry with the process's own metrics and every reading */
export const createMetrics = (readings: readonly Reading[]): Registry => {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  for (const { name, help, kind, read, aggregator = 'sum' } of readings) {
    if (kind === 'gauge') {
      new Gauge({
        name,
        help,
        aggregator,
        registers: [registry],
        collect: function () {
          this.set(read())
        },
      })
    } else {
      new Counter({
        name,
        help,
        registers: [registry],
        collect: function () {
          this.reset()
          this.inc(read())
        },
      })
    }
  }
  return registry
}

/** How long answers take, by route (never by path: ids would make a series each), method and status. */
export const measureRequests = (app: FastifyInstance, registry: Registry): void => {
  const durations = new Histogram({
    name: 'countersign_http_request_duration_seconds',
    help: 'Time from the first byte of a request to the end of its answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  })
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown'
    durations.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000)
  })
}
