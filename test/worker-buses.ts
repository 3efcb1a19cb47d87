import { MessageChannel, type MessagePort } from 'node:worker_threads'
import type { Channel } from '../src/live/workers/bus-messages.ts'
import { HintRouter, type RoutedWorker } from '../src/live/workers/hint-router.ts'
import { WorkerBus } from '../src/live/workers/worker-bus.ts'

/** The buses of several workers and the router between them, in one process: ports copy what they carry, as pipes do. */
export const workerBuses = (count: number) => {
  const router = new HintRouter()
  const workers = Array.from({ length: count }, () => {
    const { port1: here, port2: there } = new MessageChannel()
    const bus = new WorkerBus({
      primary: through(here),
      isConnected: () => true,
      onFault: (fault) => {
        throw fault
      },
    })
    const routed: RoutedWorker = router.add(through(there))
    here.on('message', (message) => bus.hear(message))
    there.on('message', (message) => routed.hear(message))
    return { bus, routed, close: () => here.close() }
  })
  return { router, workers, close: () => workers.forEach((worker) => worker.close()) }
}

const through = <Message>(port: MessagePort): Channel<Message> => ({
  send: (message, done) => {
    port.postMessage(message)
    setImmediate(() => done?.(null))
  },
})
