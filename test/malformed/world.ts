import { randomBytes, randomUUID } from 'node:crypto'
import diagnostics from 'node:diagnostics_channel'
import type { FastifyInstance, RouteOptions } from 'fastify'
import { pino } from 'pino'
import { startTestServer, type TestApplication, type TestServer } from '../../src/testing.ts'
import type { TestDatabase } from '../databases.ts'
import { holdAnswersAgainstSchemas } from '../wire/described-answers.ts'
import { prefix, send, TestWallet } from '../wire/wallet-server.ts'

/** A whole server over one kind of database, with everything that a valid request to any of its routes needs. */
export interface World {
  readonly server: TestServer
  readonly port: number
  /** Every route that fastify was given, one row for each method. */
  readonly routes: readonly Route[]
  readonly application: TestApplication
  readonly wallet: TestWallet
  readonly adminToken: string
  /** One webhook that is owed. */
  readonly deliveryId: string
  /** What the log has so far, at its most talkative. */
  readonly logged: readonly string[]
  /** What must never be in it. */
  readonly secrets: ReadonlySet<string>
  /** A payload that nobody resolved yet. */
  freshPayload(): Promise<string>
  /** `<user uuid>.<device uuid>` of a device that was not activated yet. */
  freshActivation(): Promise<string>
  close(): Promise<void>
}

export interface Route {
  readonly method: string
  /** The pattern, `/api/v1/platform/payload/:id`. */
  readonly url: string
}

export const startWorld = async (kind: TestDatabase): Promise<World> => {
  const database = await kind.create()
  const [secretKey, adminToken] = [randomBytes(32).toString('hex'), randomBytes(32).toString('hex')]
  const logged: string[] = []
  const [app, routes, server] = await watchingRoutes(() =>
    startTestServer({
      environment: {
        DATABASE_URL: database.url,
        COUNTERSIGN_SECRET_KEY: secretKey,
        COUNTERSIGN_ADMIN_TOKEN: adminToken,
      },
      log: pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) }),
    }),
  )
  // where nobody listens
  const application = await server.createApplication({ name: 'Shop', webhookUrl: 'http://127.0.0.1:9/' })
  const wallet = await TestWallet.activate(app)
  const tested = await send(app, {
    method: 'POST',
    url: `/api/v1/admin/applications/${application.apiKey}/test-event`,
    headers: { authorization: `Bearer ${adminToken}`, host: '127.0.0.1' },
  })
  const secrets = new Set([
    secretKey,
    adminToken,
    application.apiSecret,
    wallet.accessToken,
    wallet.uniqueDeviceIdentifier,
  ])

  return {
    server,
    port: Number(new URL(server.url).port),
    routes,
    application,
    wallet,
    adminToken,
    deliveryId: tested.body.delivery.id,
    logged,
    secrets,
    freshPayload: async () => {
      const { body } = await send(app, {
        method: 'POST',
        url: '/api/v1/platform/payload',
        headers: { 'x-api-key': application.apiKey, 'x-api-secret': application.apiSecret },
        payload: { txjson: { TransactionType: 'SignIn' }, custom_meta: { identifier: randomUUID() } },
      })
      return body.uuid
    },
    freshActivation: async () => {
      const { body } = await send(app, { method: 'POST', url: `${prefix}/add-user` })
      secrets.add(body.user.uuid).add(body.device.uuid)
      return `${body.user.uuid}.${body.device.uuid}`
    },
    close: async () => {
      await server.close()
      await database.drop()
    },
  }
}

/** Fastify itself says which routes it is given, so that a new one is here without being listed. */
const watchingRoutes = async <T>(start: () => Promise<T>): Promise<[FastifyInstance, Route[], T]> => {
  const routes: Route[] = []
  const apps: FastifyInstance[] = []
  const watch = (message: unknown): void => {
    const { fastify } = message as { fastify: FastifyInstance }
    apps.push(fastify)
    // what is answered otherwise than its route says becomes a fault
    holdAnswersAgainstSchemas(fastify)
    fastify.addHook('onRoute', ({ method, url }: RouteOptions) => {
      for (const one of [method].flat()) routes.push({ method: one, url })
    })
  }
  diagnostics.subscribe('fastify.initialization', watch)
  try {
    const started = await start()
    return [apps[0]!, routes, started]
  } finally {
    diagnostics.unsubscribe('fastify.initialization', watch)
  }
}
