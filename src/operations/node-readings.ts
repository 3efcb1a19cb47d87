import type { DatabaseClock } from '../clock.ts'
import type { Bus, BusStats } from '../live/bus.ts'
import type { Reconciler } from '../live/reconciler.ts'
import type { Reading } from './metrics.ts'

export interface NodeParts {
  readonly bus: Pick<Bus, 'isHealthy' | 'stats'>
  readonly clock: Pick<DatabaseClock, 'offset'>
  readonly reconciler: Pick<Reconciler, 'age'>
}

/** What keeps this node together with the others, as Prometheus reads it. */
export const nodeReadings = ({ bus, clock, reconciler }: NodeParts): Reading[] => {
  const gauge = (
    name: string,
    help: string,
    aggregator: 'sum' | 'min' | 'max' | 'average',
    read: () => number,
  ): Reading => ({
    kind: 'gauge',
    name: `countersign_${name}`,
    help,
    aggregator,
    read,
  })
  const counter = (name: string, help: string, key: keyof BusStats): Reading => ({
    kind: 'counter',
    name: `countersign_bus_${name}_total`,
    help,
    read: () => bus.stats[key],
  })
  return [
    gauge('workers', 'Processes of this node, whose figures these are.', 'sum', () => 1),
    gauge('bus_connected', '1 while hints of other nodes can be expected to arrive.', 'min', () =>
      bus.isHealthy() ? 1 : 0,
    ),
    counter('hints_published', 'Hints handed over for sending.', 'published'),
    counter('hints_lost', 'Hints that could not be sent.', 'lost'),
    counter('hints_heard', 'Hints that arrived, those of this node included.', 'heard'),
    counter('hints_malformed', 'What arrived and was no hint.', 'malformed'),
    counter('reconnects', 'How often the connection came back after it was lost.', 'reconnects'),
    gauge(
      'reconciled_seconds',
      'How long ago the last reconciliation that went well began.',
      'max',
      () => reconciler.age / 1000,
    ),
    gauge(
      'clock_offset_seconds',
      "How far the database's clock is ahead of this node's.",
      'average',
      () => clock.offset / 1000,
    ),
  ]
}
