import cluster from 'node:cluster'
import type { Configuration } from '../configuration/configuration.ts'
import { runPrimary } from './run-primary.ts'

/**
 * `countersign serve` with several processes behind one port. The first is the primary, which serves nobody: it starts the
 * same program again as its workers.
 *
 * @param clearLine what went wrong, for the person at the terminal
 * @throws whatever `openFoundation` throws, and CannotStart
 */
export const serveWithWorkers = async (
  configuration: Configuration,
  clearLine: (error: unknown) => string,
): Promise<void> => {
  if (cluster.isPrimary) return runPrimary(configuration)
  // the primary starts without the whole server
  const { runWorker } = await import('./run-worker.ts')
  return runWorker(configuration, clearLine)
}
