import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { setTimeout as after } from 'node:timers/promises'
import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import { pino, type Logger } from 'pino'
import { adminApi } from './admin-api/admin-api.ts'
import { DatabaseClock, systemClock, type Milliseconds } from './clock.ts'
import type { Configuration } from './configuration/configuration.ts'
import { developerApi } from './developer-api/developer-api.ts'
import { createDevices } from './device/devices.ts'
import { newSecret } from './device/secret.ts'
import type { Fellowship } from './fellowship.ts'
import { openFoundation, type Foundation } from './foundation.ts'
import { sendCallReference } from './http/call-reference.ts'
import { clientAddressReader } from './http/client-address.ts'
import { endConnectionsOnce } from './http/last-answers.ts'
import { answerErrors } from './http/error-answer.ts'
import { acceptJsonBodies } from './http/json-body.ts'
import { RateLimit } from './http/rate-limit.ts'
import { serverOptions } from './http/server-options.ts'
import { answerUnknownEndpoint } from './http/unknown-endpoint.ts'
import { answerUnusualRequests } from './http/unusual-requests.ts'
import { ledgerNodes as openLedgerNodes } from './ledger/ledger-nodes.ts'
import { createVerifier } from './ledger/verify.ts'
import type { BusReport } from './live/bus-report.ts'
import { createLive } from './live/create-live.ts'
import { openBus } from './live/open-bus.ts'
import { renewInterval } from './live/page-presence.ts'
import { checkReadiness } from './operations/check-readiness.ts'
import { liveReadings } from './operations/live-readings.ts'
import { nodeReadings } from './operations/node-readings.ts'
import { createMetrics, measureRequests } from './operations/metrics.ts'
import { operations } from './operations/operations.ts'
import { measureRefusedSignatures } from './operations/signature-metrics.ts'
import { measureWebhooks } from './operations/webhook-metrics.ts'
import { startAskingLedgerNodes } from './payload/ask-ledger-nodes.ts'
import type { FlowDependencies } from './payload/flow-dependencies.ts'
import { createPayloads } from './payload/payload-flows.ts'
import { startPeriodicTask } from './periodic-task.ts'
import type { Stoppable } from './shutdown.ts'
import { signPage } from './sign-page/sign-page.ts'
import { deliveryStore } from './storage/delivery-store.ts'
import { deviceStore } from './storage/device-store.ts'
import { pageStore } from './storage/page-table.ts'
import { payloadStore } from './storage/payload-store.ts'
import { walletApi } from './wallet-api/wallet-api.ts'
import { createDeliveries } from './webhook/deliveries.ts'
import { owedWebhooks } from './webhook/owed-webhooks.ts'
import { startDelivering } from './webhook/start-delivering.ts'

export interface Server extends Stoppable {
  readonly log: Logger
  readonly foundation: Foundation
  /**
   * Resolves once connections are taken. When the address cannot be listened on, everything is closed and it rejects with
   * the system's error.
   */
  listen(): Promise<void>
  /** Where it listens; known after `listen`. */
  readonly listeningUrl: string
  /** What users see; without PUBLIC_URL known after `listen`. */
  readonly publicUrl: string
  /** What opens the admin API; null when nothing does. */
  readonly adminToken: string | null
}

/** How often devices that were invited in vain are forgotten. */
const sweepInterval: Milliseconds = 60_000

/**
 * The composition root: puts together everything that a server is made of. Nothing listens until `listen`.
 *
 * @param fellowship null when this process is the whole node
 * @throws WrongSecretKey, DatabaseUnavailable, DatabaseTooNew, OlderNodesMustStop
 */
export const createServer = async (
  configuration: Configuration,
  log: Logger = pino({ level: configuration.logLevel }),
  fellowship: Fellowship | null = null,
): Promise<Server> => {
  announceUnsafe(configuration, log)
  // one developer's database has no other nodes
  const foundation = await openFoundation(configuration, configuration.mode === 'dev' ? 'all' : 'additive')
  const { database, applicationStore, applications } = foundation
  const clock = new DatabaseClock()
  clock.observe(await database.now())
  const logFault = (what: string) => (err: unknown) => log.error({ err }, what)

  const busReport: BusReport = {
    onOutage: ({ message }) => log.error({ reason: message }, 'hints between nodes are lost: Redis is away'),
    onReturn: () => log.info('hints between nodes are sent again: Redis is back'),
    onFault: logFault('a hint from another node'),
  }
  const bus = await openBus(configuration.redisUrls, busReport, fellowship?.bus ?? null)
  const store = payloadStore(database)
  const clientAddress = clientAddressReader(configuration.trustProxy)
  const { hub, handleUpgrade, reconciler, presence } = createLive({
    bus,
    clock,
    store,
    pages: pageStore(database),
    nodeId: randomUUID(),
    clientAddress,
    onFault: logFault('live status'),
    settings: configuration,
  })

  const metrics = createMetrics([...liveReadings(() => hub.stats), ...nodeReadings({ bus, clock, reconciler })])
  const deliveries = deliveryStore(database)
  const webhookMetrics = measureWebhooks(metrics, () => deliveries.backlog())
  const delivering = startDelivering({
    store: deliveries,
    applications: applicationStore,
    secrets: applications,
    clock,
    settings: configuration,
    onAttempt: webhookMetrics.observe,
    onFault: logFault('delivering webhooks'),
  })

  const { ledgerUrls, allowUnconfirmedKeys } = configuration
  const ledgerNodes =
    ledgerUrls === null ? null : openLedgerNodes(ledgerUrls, { timeLimit: configuration.ledgerTimeLimit })
  const flows: FlowDependencies = {
    payloads: store,
    applications: applicationStore,
    verifier: createVerifier({ ledgerNodes, allowUnconfirmedKeys }),
    ledgerNodes,
    announcer: hub,
    webhooks: { ...owedWebhooks(randomUUID), wake: () => delivering.wake() },
    countRefusedSignature: measureRefusedSignatures(metrics),
    newId: randomUUID,
  }
  const payloads = createPayloads(flows)
  const devices = createDevices({ store: deviceStore(database), newId: randomUUID, newSecret })

  // one developer's machine is no place for limits per address
  const limits = configuration.mode === 'serve' ? limitsPerAddress(configuration) : null
  const failedAuthentications =
    limits === null ? null : { limit: limits.failedAuthentication, readClientAddress: clientAddress }
  const adminToken = configuration.adminToken ?? (await devAdminToken(configuration, foundation))
  // a line for each request is the balancer's to write; URLs here hold what should not be logged
  const logController = new LogController({ disableRequestLogging: true })
  // nor is what the framework has to say of itself when all is well
  const quiet: FastifyBaseLogger = log.child({}, { level: log.level === 'info' ? 'warn' : log.level })
  const { requestTimeout } = configuration
  // node exchanges the two when the headers may take longer than the whole
  const http = { ...serverOptions.http, requestTimeout, headersTimeout: requestTimeout }
  const app = Fastify({ ...serverOptions, http, requestTimeout, loggerInstance: quiet, logController })
  let knownUrl: string | null = null
  // remembered, since a server that stops has no address any more while it answers what it began
  const listeningUrl = (): string => (knownUrl ??= urlOf(app, configuration.host))
  const publicUrl = (): string => configuration.publicUrl ?? listeningUrl()

  sendCallReference(app)
  endConnectionsOnce(app, () => hub.isDraining)
  answerUnusualRequests(app)
  // what is outside both APIs is answered in their form
  acceptJsonBodies(app)
  answerErrors(app)
  app.setNotFoundHandler(answerUnknownEndpoint)
  measureRequests(app, metrics)
  operations(app, {
    metrics: fellowship?.metricsOf(metrics) ?? metrics,
    readiness: checkReadiness({ ping: () => database.ping(), bus, clock, isDraining: () => hub.isDraining }),
  })
  await app.register(developerApi, {
    prefix: '/api/v1/platform',
    payloads,
    applications,
    applicationStore,
    get publicUrl() {
      return publicUrl()
    },
    ledgerNodes,
    clock,
    rateLimits: configuration.rateLimit,
    failedAuthentications,
  })
  await app.register(walletApi, {
    prefix: '/api/v1/app',
    devices,
    payloads,
    applications: applicationStore,
    hasPage: (payloadId) => presence.isPresent(payloadId),
    readClientAddress: clientAddress,
    limits,
  })
  await app.register(adminApi, {
    prefix: '/api/v1/admin',
    deliveries: createDeliveries({
      store: deliveries,
      applications: applicationStore,
      newId: randomUUID,
      clock,
      wake: () => delivering.wake(),
    }),
    payloads: store,
    token: adminToken,
    publicUrl,
    failedAuthentications,
  })
  await app.register(signPage, {
    payloads,
    applications: applicationStore,
    publicUrl,
    deepLink: configuration.deeplink,
    frameAncestors: configuration.frameAncestors,
  })
  app.server.on('upgrade', handleUpgrade)
  await app.ready()

  const { reconcileInterval } = configuration
  const reconciling = startPeriodicTask(() => reconciler.run(), reconcileInterval, logFault('reconciling live status'))
  bus.onGap(() => {
    reconciler.noticeGap()
    reconciling.wake()
  })
  const tasks = [
    startAskingLedgerNodes(flows, configuration, logFault),
    startPeriodicTask(() => presence.renew(), renewInterval, logFault('telling other nodes of sign pages')),
    startPeriodicTask(() => devices.sweep(), sweepInterval, logFault('forgetting devices that were never activated')),
  ]

  /**
   * In this order: readiness, and no new work of its own; sockets and kept-alive connections leave while requests are
   * answered; nobody new; what is under way; what that needs.
   *
   * @param drainTime part of the grace
   */
  const stop = async (drainTime: Milliseconds, grace: Milliseconds): Promise<void> => {
    const cutOff = setTimeout(() => {
      app.server.closeAllConnections()
      // who waits for a node is told that it did not answer: checks under way are put off instead of keeping their lease
      ledgerNodes?.close()
    }, grace)
    await Promise.all([
      // as long as there are subscribers, nothing may pass them by
      hub.drain(drainTime).then(() => Promise.all([reconciling.stop(), presence.settled()])),
      after(drainTime).then(() => app.close()),
      delivering.stop(grace),
      ...tasks.map((task) => task.stop()),
    ])
    clearTimeout(cutOff)
    await bus.close()
    ledgerNodes?.close()
    await foundation.close()
  }

  return {
    log,
    foundation,
    listen: async () => {
      try {
        await app.listen({ port: configuration.port, host: configuration.host })
      } catch (error) {
        await stop(0, 0)
        throw error
      }
      listeningUrl()
    },
    get listeningUrl() {
      return listeningUrl()
    },
    get publicUrl() {
      return publicUrl()
    },
    adminToken,
    close: (grace) => stop(Math.min(configuration.drainTime, grace / 2), grace),
  }
}

/** Made once for each database and kept; `serve` has none but what is configured. */
const devAdminToken = ({ mode }: Configuration, { settings }: Foundation): Promise<string | null> =>
  mode === 'dev' ? settings.readOrWrite('dev admin token', newSecret()) : Promise.resolve(null)

const limitsPerAddress = (configuration: Configuration) => ({
  addUser: new RateLimit(configuration.addUserLimit, systemClock),
  activateDevice: new RateLimit(configuration.activateDeviceLimit, systemClock),
  failedAuthentication: new RateLimit(configuration.failedAuthenticationLimit, systemClock),
})

const announceUnsafe = ({ allowUnconfirmedKeys }: Configuration, log: Logger): void => {
  if (allowUnconfirmedKeys) {
    log.warn('ALLOW_UNCONFIRMED_KEYS is on: signatures are accepted by keys that nobody confirmed for the account')
  }
}

/** An unspecified address cannot be reached under its own name. */
const urlOf = (app: FastifyInstance, host: string): string => {
  const address = app.server.address() as AddressInfo | null
  if (address === null) throw new Error('the server does not listen yet')
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host
  return `http://${reachable}:${address.port}`
}
