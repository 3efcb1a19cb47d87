import { randomUUID } from 'node:crypto'
import Fastify, { type InjectOptions } from 'fastify'
import { adminApi, type AdminApiOptions } from '../../src/admin-api/admin-api.ts'
import type { ApplicationSettings } from '../../src/application/application.ts'
import { sendCallReference } from '../../src/http/call-reference.ts'
import { serverOptions } from '../../src/http/server-options.ts'
import { applicationStore } from '../../src/storage/application-store.ts'
import { deliveryStore } from '../../src/storage/delivery-store.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { payloadStore } from '../../src/storage/payload-store.ts'
import { createDeliveries } from '../../src/webhook/deliveries.ts'
import type { OwedDelivery } from '../../src/payload/owed-delivery.ts'
import { aNewApplication } from '../application-fixture.ts'
import { movableClock } from '../movable-clock.ts'
import { holdAnswersAgainstSchemas } from './described-answers.ts'

export const adminToken = 'a-token-of-this-test'

/** The admin API over a real SQLite database in memory, where nothing attempts deliveries but the test. */
export const startAdminServer = async (options: Partial<AdminApiOptions> = {}) => {
  const clock = movableClock()
  const database = await openDatabase({ url: 'sqlite::memory:', clock })
  const applications = applicationStore(database)
  const store = deliveryStore(database)
  const payloads = payloadStore(database)
  let wakes = 0
  const deliveries = createDeliveries({
    store,
    applications,
    newId: randomUUID,
    clock,
    wake: () => (wakes += 1),
  })
  const app = Fastify(serverOptions)
  sendCallReference(app)
  holdAnswersAgainstSchemas(app)
  await app.register(adminApi, {
    prefix: '/api/v1/admin',
    deliveries,
    payloads,
    token: adminToken,
    publicUrl: () => 'https://sign.example.com',
    failedAuthentications: null,
    ...options,
  })

  const addApplication = async (settings: Partial<ApplicationSettings> = {}): Promise<string> =>
    (await applications.create(aNewApplication(settings), 'sealed')).id
  const shop = await addApplication()

  return {
    clock,
    payloads,
    applications,
    shop,
    addApplication,
    /** How often the deliverer was told that something is due. */
    wakes: () => wakes,
    owe: async (changes: Partial<OwedDelivery> = {}): Promise<string> => {
      const id = `msg_${randomUUID().replaceAll('-', '')}`
      const delivery: OwedDelivery = {
        id,
        applicationId: shop,
        payloadId: null,
        event: 'resolved',
        url: 'https://shop.test/hook',
        body: '{"meta":{}}',
        dueAt: clock.now(),
        ...changes,
      }
      await store.add(delivery)
      return id
    },
    claim: (applicationId = shop) => store.claim(applicationId, 10, randomUUID(), 60_000),
    /** Attempts everything that this application is owed, once. */
    attempt: async (succeeded: boolean, applicationId = shop): Promise<void> => {
      const claim = randomUUID()
      for (const { id, attempts, trigger } of await store.claim(applicationId, 100, claim, 60_000)) {
        const status = succeeded ? 200 : 503
        const ended = { deliveryId: id, number: attempts + 1, trigger, startedAt: clock.now(), duration: 42.4, status }
        await store.record(
          claim,
          { ...ended, outcome: `answered ${status}`, succeeded, response: 'the answer' },
          { state: succeeded ? 'delivered' : 'failed' },
        )
      }
    },
    call: async (method: 'GET' | 'POST' | 'OPTIONS', path: string, request: CallOptions = {}) => {
      const headers = { authorization: `Bearer ${adminToken}`, ...request.headers }
      const given = request.body === undefined ? {} : { payload: JSON.stringify(request.body) }
      const inject: InjectOptions = { method, url: `/api/v1/admin/${path}`, headers, ...given }
      const { statusCode, headers: answered, payload } = await app.inject(inject)
      return { status: statusCode, headers: answered, body: JSON.parse(payload) }
    },
    close: async () => {
      await app.close()
      await database.close()
    },
  }
}

export type AdminServer = Awaited<ReturnType<typeof startAdminServer>>

interface CallOptions {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}
