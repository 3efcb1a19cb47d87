import { pino } from 'pino'
import type { Configuration } from '../configuration/configuration.ts'
import { openFoundation } from '../foundation.ts'
import { stopOnSignals } from '../shutdown.ts'
import { Crew } from './crew.ts'

/** Resolves once every worker listens. @throws CannotStart when one cannot; none is left then */
export const runPrimary = async (configuration: Configuration): Promise<void> => {
  // the schema and the key are made here, once, before workers could race for them; and what is wrong is said once
  const foundation = await openFoundation(configuration)
  await foundation.close()

  const log = pino({ level: configuration.logLevel })
  const crew = new Crew({ size: configuration.workers, log })
  stopOnSignals(crew, configuration.shutdownGrace, log)
  // one that hangs does not notice that its primary is gone
  process.on('exit', () => crew.kill())
  const { listeningUrl, publicUrl } = await crew.start()
  log.info({ listening: listeningUrl, public_url: publicUrl, workers: crew.pids }, 'ready')
}
