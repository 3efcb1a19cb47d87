import type { LiveStats } from '../live/live-stats.ts'
import type { Reading } from './metrics.ts'

/** The live side of this node, as Prometheus reads it. */
export const liveReadings = (stats: () => Readonly<LiveStats>): Reading[] => {
  const reading = (kind: Reading['kind'], name: string, help: string, key: keyof LiveStats): Reading => ({
    kind,
    name: `countersign_live_${name}`,
    help,
    read: () => stats()[key],
  })
  return [
    reading('gauge', 'sockets', 'Status sockets that are open.', 'sockets'),
    reading('gauge', 'topics', 'Payloads that have subscribers on this node.', 'topics'),
    reading('counter', 'frames_total', 'Messages sent to subscribers.', 'framesSent'),
    reading('counter', 'joins_total', 'Facts heard from the bus, a flow or a read.', 'joins'),
    reading('counter', 'joins_with_news_total', 'Facts heard that said something new.', 'joinsWithNews'),
    reading('counter', 'reads_total', 'Reads of facts from the database, each for one payload or many.', 'reads'),
    reading('counter', 'payloads_read_total', 'Payloads whose facts were read.', 'payloadsRead'),
    reading('counter', 'repaired_total', 'News that reconciliation brought before any hint did.', 'repaired'),
    reading('counter', 'slow_readers_total', 'Subscribers cut off because they did not read.', 'slowReaders'),
    reading('counter', 'half_open_total', 'Subscribers cut off because they had gone silently.', 'halfOpen'),
    reading('counter', 'too_many_messages_total', 'Subscribers closed for sending too much.', 'tooManyMessages'),
    reading('counter', 'gave_way_total', 'Sockets closed to make room on a full payload.', 'gaveWay'),
    reading('counter', 'refused_draining_total', 'Newcomers refused while this node drained.', 'refusedDraining'),
    reading('counter', 'refused_node_full_total', 'Newcomers refused since this node was full.', 'refusedNodeFull'),
    reading(
      'counter',
      'refused_address_on_node_total',
      'Newcomers refused since their address had its share of this node.',
      'refusedAddressOnNode',
    ),
    reading(
      'counter',
      'refused_address_on_payload_total',
      'Newcomers refused since their address had its share of the payload.',
      'refusedAddressOnPayload',
    ),
  ]
}
