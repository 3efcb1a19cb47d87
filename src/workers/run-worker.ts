import { pino } from 'pino'
import type { Configuration } from '../configuration/configuration.ts'
import { createServer } from '../create-server.ts'
import { WorkerBus } from '../live/workers/worker-bus.ts'
import { stopAndExit } from '../shutdown.ts'
import type { ToPrimary, ToWorker } from './messages.ts'
import { MetricsFromPrimary } from './metrics-from-primary.ts'
import { shareOf } from './share-of.ts'

/** One worker: a server like any other, whose fellows are reached through the primary. */
export const runWorker = async (configuration: Configuration, clearLine: (error: unknown) => string): Promise<void> => {
  const log = pino({ level: configuration.logLevel })
  const bus = new WorkerBus({
    primary: { send: (message, done) => tellPrimary({ kind: 'bus', message }, done) },
    isConnected: () => process.connected,
    onFault: (err) => log.error({ err }, 'a hint from another worker'),
  })
  const metrics = new MetricsFromPrimary(tellPrimary)
  try {
    const server = await createServer(shareOf(configuration), log, { bus, metricsOf: (own) => metrics.of(own) })
    let stopping = false
    const stop = (): void => {
      // Ctrl-C reaches the whole process group, and a supervisor may signal each process: only the primary counts signals
      if (stopping) return
      stopping = true
      stopAndExit(server, configuration.shutdownGrace, log)
    }
    process.on('message', (message: ToWorker) => {
      if (message.kind === 'bus') bus.hear(message.message)
      else if (message.kind === 'stop') stop()
      else if (message.kind === 'areYouThere') tellPrimary({ kind: 'here' })
      else metrics.hear(message)
    })
    await server.listen()
    process.on('SIGTERM', stop)
    process.on('SIGINT', stop)
    const { listeningUrl, publicUrl } = server
    tellPrimary({ kind: 'listening', listeningUrl, publicUrl })
  } catch (error) {
    // it is the primary that says so, once
    tellPrimary({ kind: 'failed', reason: clearLine(error) }, () => process.exit(1))
  }
}

/** A worker whose primary is gone is ended by Node: what cannot be sent has nobody to miss it. */
const tellPrimary = (message: ToPrimary, done: (error: Error | null) => void = () => undefined): void => {
  process.send!(message, undefined, {}, done)
}
