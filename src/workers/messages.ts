import type { MetricObjectWithValues, MetricValue } from 'prom-client'
import type * as bus from '../live/workers/bus-messages.ts'

/** What the workers of one node and their primary tell each other. The way between two processes keeps the order. */
export type ToPrimary =
  /** It takes connections. */
  | { readonly kind: 'listening'; readonly listeningUrl: string; readonly publicUrl: string }
  /** It cannot, and ends; the reason is one clear line. */
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'bus'; readonly message: bus.ToPrimary }
  /** The answer to `areYouThere`. */
  | { readonly kind: 'here' }
  /** Prometheus has asked this worker. Answered by `metricsOfNode`. */
  | { readonly kind: 'metricsWanted' }
  /** The answer to `figuresWanted`; null when they could not be read. */
  | { readonly kind: 'figures'; readonly figures: Figures | null }

export type ToWorker =
  /** Drain and end. */
  | { readonly kind: 'stop' }
  | { readonly kind: 'bus'; readonly message: bus.ToWorker }
  | { readonly kind: 'areYouThere' }
  | { readonly kind: 'figuresWanted' }
  /** Null when they could not be added up. */
  | { readonly kind: 'metricsOfNode'; readonly text: string | null }

/** The metrics of one process, as `Registry.getMetricsAsJSON` gives them. */
export type Figures = readonly MetricObjectWithValues<MetricValue<string>>[]
