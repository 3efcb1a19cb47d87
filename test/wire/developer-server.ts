import { randomUUID } from 'node:crypto'
import Fastify from 'fastify'
import { createApplications } from '../../src/application/applications.ts'
import { createSecretBox } from '../../src/application/secret-box.ts'
import { developerApi, type DeveloperApiOptions } from '../../src/developer-api/developer-api.ts'
import { activate } from '../../src/device/activation.ts'
import { sendCallReference } from '../../src/http/call-reference.ts'
import { serverOptions } from '../../src/http/server-options.ts'
import type { Verifier } from '../../src/ledger/verify.ts'
import { createPayloads } from '../../src/payload/payload-flows.ts'
import { isRefusal } from '../../src/refusals.ts'
import { applicationStore } from '../../src/storage/application-store.ts'
import { deviceStore } from '../../src/storage/device-store.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { payloadStore } from '../../src/storage/payload-store.ts'
import { idleWebhooks } from '../idle-webhooks.ts'
import { movableClock } from '../movable-clock.ts'
import { aSignature } from '../payload-fixture.ts'
import { holdAnswersAgainstSchemas } from './described-answers.ts'

/** Takes any signature for the one of the fixture; what a real one must be is not this API's concern. */
const gullibleVerifier: Verifier = { verify: async () => ({ verdict: 'verified', signature: aSignature }) }

/** The developer API over a real SQLite database in memory, listening, with one application and a clock of its own. */
export const startDeveloperServer = async (options: Partial<DeveloperApiOptions> = {}) => {
  const clock = movableClock()
  const database = await openDatabase({ url: 'sqlite::memory:', clock })
  const store = applicationStore(database)
  const devices = deviceStore(database)
  const secretBox = createSecretBox(Buffer.alloc(32, 9))
  const applications = createApplications({ applications: store, secretBox, newId: randomUUID, secretRotation: 0 })
  /** Payloads of which subscribers heard that the application fetched them, with the call. */
  const fetched: [string, string][] = []
  const payloads = createPayloads({
    payloads: payloadStore(database),
    applications: store,
    verifier: gullibleVerifier,
    ledgerNodes: null,
    countRefusedSignature: () => undefined,
    announcer: { announce: () => undefined, announceFetched: (...fetch) => fetched.push(fetch) },
    webhooks: idleWebhooks,
    newId: randomUUID,
  })
  const logged: string[] = []
  const app = Fastify({ ...serverOptions, logger: { stream: { write: (line: string) => logged.push(line) } } })
  sendCallReference(app)
  holdAnswersAgainstSchemas(app)
  await app.register(developerApi, {
    prefix: '/api/v1/platform',
    payloads,
    applications,
    applicationStore: store,
    publicUrl: 'https://sign.test',
    ledgerNodes: null,
    clock,
    rateLimits: null,
    failedAuthentications: null,
    ...options,
  })
  const base = `${await app.listen({ port: 0, host: '127.0.0.1' })}/api/v1/platform`

  const register = async (name: string) => {
    const issued = await applications.create({ name, webhookUrl: 'https://shop.test/hook' })
    if (isRefusal(issued)) throw new Error(issued.refused)
    const { application, apiSecret } = issued
    const credentials = { 'x-api-key': application.id, 'x-api-secret': apiSecret }
    return { application, apiSecret, credentials, call: caller(base, credentials) }
  }

  return {
    base,
    clock,
    applications,
    payloads,
    devices,
    fetched,
    logged,
    register,
    /** Calls as nobody in particular. */
    call: caller(base, {}),
    shop: await register('Shop'),
    /** A user with one device, as who opens and resolves. */
    addUser: async () => {
      const ids = { activationId: randomUUID(), deviceId: randomUUID() }
      const { userId } = await devices.addUser({ userId: randomUUID(), ...ids }, 60_000)
      await devices.change({ id: ids.deviceId }, (device, now) => {
        const registration = { uniqueDeviceIdentifier: randomUUID(), platform: 'ios', pushToken: '' }
        const active = activate(device, ids, registration, randomUUID(), now)
        if (isRefusal(active)) throw new Error(active.refused)
        return { device: active, answer: null }
      })
      return { userId, deviceId: ids.deviceId, origin: 'QR' as const }
    },
    close: async () => {
      await app.close()
      await database.close()
    },
  }
}

export type DeveloperServer = Awaited<ReturnType<typeof startDeveloperServer>>

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: any
}

const caller =
  (base: string, credentials: Record<string, string>) =>
  async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> => {
    const response = await fetch(`${base}/${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...credentials, ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    return { status: response.status, headers: response.headers, body: await response.json() }
  }

/** What a wallet sends with the signature of the fixture. */
export const aSubmission = {
  signedBlob: aSignature.hex,
  txid: aSignature.txid,
  signMethod: 'PIN' as const,
  signerPublicKey: null,
  multisigned: null,
  nodeUri: 'wss://node.test',
  nodeType: 'TESTNET',
}
