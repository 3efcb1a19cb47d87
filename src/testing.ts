import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Application, ApplicationSettings } from './application/application.ts'
import { readConfiguration } from './configuration/configuration.ts'
import type { Mode } from './configuration/setting.ts'
import { createServer, type Server } from './create-server.ts'
import { isRefusal } from './refusals.ts'

/**
 * The test kit: a whole server in this process, on a free port of loopback with a database of its own, for tests of
 * applications and wallets that would otherwise need the hosted platform and a phone.
 */
export interface TestServer {
  readonly url: string
  readonly server: Server
  createApplication(settings?: Partial<ApplicationSettings>): Promise<TestApplication>
  /** Stops the server and removes its database. */
  close(): Promise<void>
}

export interface TestApplication {
  readonly application: Application
  readonly apiKey: string
  readonly apiSecret: string
}

export interface TestServerOptions {
  /** Settings by their environment names; the process's own environment is not looked at. */
  readonly environment?: Readonly<Record<string, string>>
  /** Default `dev`, in which nobody is limited by address. */
  readonly mode?: Mode
  /** Left out, JSON lines on stdout from warnings on. */
  readonly log?: Logger
}

/** @throws what `createServer` throws, and ConfigurationError */
export const startTestServer = async (options: TestServerOptions = {}): Promise<TestServer> => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-'))
  const defaults = {
    PORT: '0',
    HOST: '127.0.0.1',
    DATABASE_URL: `sqlite:${join(folder, 'test.db')}`,
    LOG_LEVEL: 'warn',
    DRAIN_SECONDS: '0',
  }
  const configuration = readConfiguration(options.mode ?? 'dev', { ...defaults, ...options.environment })
  const server = await createServer(configuration, options.log)
  await server.listen()
  return {
    url: server.publicUrl,
    server,
    createApplication: async (settings = {}) => {
      const issued = await server.foundation.applications.create({ name: 'Test', ...settings })
      if (isRefusal(issued)) throw new Error(`the application was refused: ${issued.message ?? issued.refused}`)
      return { application: issued.application, apiKey: issued.application.id, apiSecret: issued.apiSecret }
    },
    close: async () => {
      await server.close(1_000)
      rmSync(folder, { recursive: true })
    },
  }
}
