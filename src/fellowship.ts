import type { Registry } from 'prom-client'
import type { Bus } from './live/bus.ts'
import type { MetricsSource } from './operations/operations.ts'

/** What a process has in common with others behind the same port: the workers of one node. */
export interface Fellowship {
  /** Between them, unless REDIS_URL names what all nodes share. */
  readonly bus: Bus
  /** @returns the metrics of all, from those of this process */
  metricsOf(own: Registry): MetricsSource
}
