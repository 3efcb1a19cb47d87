import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { Attempt } from '../webhook/delivery.ts'
import type { DeliveryStore } from '../webhook/delivery-store.ts'
import { oneAtATime } from './one-at-a-time.ts'

/** Webhooks, as Prometheus reads them. */
export interface WebhookMetrics {
  /** Told of every attempt that ended. */
  readonly observe: (attempt: Attempt) => void
}

/**
 * The attempts are those of this node; what is owed is asked of the database when Prometheus asks, and is the same on
 * every node. While the database cannot be asked it is not a number: unknown, rather than nothing owed.
 */
export const measureWebhooks = (registry: Registry, backlog: DeliveryStore['backlog']): WebhookMetrics => {
  const registers = [registry]
  const attempts = new Counter({
    name: 'countersign_webhook_attempts_total',
    help: 'Attempts to deliver a webhook, by the class of the answer.',
    labelNames: ['outcome'],
    registers,
  })
  const durations = new Histogram({
    name: 'countersign_webhook_attempt_duration_seconds',
    help: 'Time from the begin of an attempt to the end of its answer.',
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15],
    registers,
  })

  const known = oneAtATime(backlog)
  const gauge = (name: string, help: string, read: (backlog: Backlog) => number): void => {
    new Gauge({
      name,
      help,
      // every worker asks the same database
      aggregator: 'max',
      registers,
      collect: async function () {
        this.set(await known().then(read, () => NaN))
      },
    })
  }
  gauge('countersign_webhook_due', 'Deliveries that are due now, on all nodes.', ({ due }) => due)
  gauge(
    'countersign_webhook_oldest_undelivered_seconds',
    'For how long the oldest delivery that is still owed has been due; 0 when none is.',
    ({ oldestAge }) => (oldestAge ?? 0) / 1000,
  )

  return {
    observe: (attempt) => {
      attempts.inc({ outcome: outcomeOf(attempt) })
      durations.observe(attempt.duration / 1000)
    },
  }
}

type Backlog = Awaited<ReturnType<DeliveryStore['backlog']>>

/** Never the words that people read: addresses in them would make a series each. */
const outcomeOf = ({ status }: Attempt): string => (status === null ? 'no_answer' : `${Math.floor(status / 100)}xx`)
