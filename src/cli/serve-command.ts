import { Command } from 'commander'
import { clearLine } from './failure.ts'
import { configurationOf, withSettings } from './setting-options.ts'

/** `countersign serve`: the server, logging JSON lines to stdout. */
export const serveCommand = (): Command =>
  withSettings(new Command('serve'), 'serve')
    .description('run the server')
    .action(async (_options: unknown, command: Command) => {
      const configuration = configurationOf(command, 'serve')
      if (configuration.workers > 1) {
        const { serveWithWorkers } = await import('../workers/serve-with-workers.ts')
        return serveWithWorkers(configuration, clearLine)
      }
      // loaded here, so that the other commands start without the whole server
      const { createServer } = await import('../create-server.ts')
      const { stopOnSignals } = await import('../shutdown.ts')
      const server = await createServer(configuration)
      stopOnSignals(server, configuration.shutdownGrace, server.log)
      await server.listen()
      server.log.info({ listening: server.listeningUrl, public_url: server.publicUrl }, 'ready')
    })
