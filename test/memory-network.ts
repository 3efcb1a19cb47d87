import type { Bus } from '../src/live/bus.ts'
import { MemoryBus } from '../src/live/memory-bus.ts'

/** As many nodes as asked for, in one process, with nothing between them that could fail. */
export const memoryNetwork = (nodes: number): Bus[] => {
  const buses = Array.from({ length: nodes }, () => new MemoryBus())
  return buses.map((own) => ({
    publish: (payloadId, hint) => {
      for (const bus of buses) bus.publish(payloadId, hint)
    },
    join: (payloadId, listener) => own.join(payloadId, listener),
    leave: (payloadId) => own.leave(payloadId),
    onGap: () => own.onGap(),
    stats: own.stats,
    isHealthy: () => own.isHealthy(),
    close: () => own.close(),
  }))
}
