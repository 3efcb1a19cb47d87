import type { Logger } from 'pino'
import type { Milliseconds } from './clock.ts'

/** The part of the server that ends. */
export interface Stoppable {
  /**
   * Drains, for the configured time at most, and finishes what is under way; cuts off what is not done within the grace.
   * Resolves when nothing is left.
   */
  close(grace: Milliseconds): Promise<void>
}

/** What a stop that hangs gets on top of the grace, before the process goes all the same. */
const patience: Milliseconds = 1_500

/**
 * Stops the server and ends the process with status 0, at the latest a little after the grace. What is owed is in the
 * database, so nothing is lost either way.
 */
export const stopAndExit = (server: Stoppable, grace: Milliseconds, log: Logger): void => {
  setTimeout(() => process.exit(0), grace + patience).unref()
  server.close(grace).then(
    () => process.exit(0),
    (error: unknown) => {
      log.error({ err: error }, 'stopping failed')
      process.exit(1)
    },
  )
}

/** The same on SIGTERM or SIGINT; a second signal does not wait. */
export const stopOnSignals = (server: Stoppable, grace: Milliseconds, log: Logger): void => {
  let stopping = false
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(0)
    stopping = true
    log.info({ signal }, 'stopping')
    stopAndExit(server, grace, log)
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}
