import { randomUUID } from 'node:crypto'
import Fastify, { type FastifyInstance, type InjectOptions } from 'fastify'
import { createDevices, type DeviceDependencies } from '../../src/device/devices.ts'
import { newSecret, sha256 } from '../../src/device/secret.ts'
import { sendCallReference } from '../../src/http/call-reference.ts'
import { clientAddressReader } from '../../src/http/client-address.ts'
import { RateLimit } from '../../src/http/rate-limit.ts'
import { serverOptions } from '../../src/http/server-options.ts'
import type { Verifier } from '../../src/ledger/verify.ts'
import type { CreateInput } from '../../src/payload/payloads.ts'
import { createPayloads } from '../../src/payload/payload-flows.ts'
import { isRefusal } from '../../src/refusals.ts'
import { applicationStore } from '../../src/storage/application-store.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { deviceStore } from '../../src/storage/device-store.ts'
import { payloadStore } from '../../src/storage/payload-store.ts'
import { walletApi } from '../../src/wallet-api/wallet-api.ts'
import { aNewApplication } from '../application-fixture.ts'
import { idleWebhooks } from '../idle-webhooks.ts'
import { movableClock } from '../movable-clock.ts'
import { aSignature } from '../payload-fixture.ts'
import { holdAnswersAgainstSchemas } from './described-answers.ts'

export const prefix = '/api/v1/app'

/** Accepts the blob `AB` with its hash `CD`, and nothing else. */
const gullibleVerifier: Verifier = {
  verify: async (_request, { signedBlob, txid }) =>
    signedBlob === aSignature.hex && txid === aSignature.txid
      ? { verdict: 'verified', signature: aSignature }
      : { verdict: 'refused', refusal: { refused: 'blobUndecodable' }, kept: null },
}

export interface WalletServerOptions extends Partial<DeviceDependencies> {
  readonly verifier?: Verifier
  /** Calls per minute and address that each limit allows; none when left out. */
  readonly limit?: number
  readonly trustedProxies?: readonly string[]
}

/** The wallet API over a real SQLite database in memory, with one application and a clock that stands still. */
export const startWalletServer = async (options: WalletServerOptions = {}) => {
  const clock = movableClock()
  const database = await openDatabase({ url: 'sqlite::memory:', clock })
  const applications = applicationStore(database)
  const application = await applications.create(aNewApplication(), 'sealed')
  const devices = createDevices({ store: deviceStore(database), newId: randomUUID, newSecret, ...options })
  const payloads = createPayloads({
    payloads: payloadStore(database),
    applications,
    verifier: options.verifier ?? gullibleVerifier,
    ledgerNodes: null,
    countRefusedSignature: () => undefined,
    announcer: { announce: () => undefined, announceFetched: () => undefined },
    webhooks: idleWebhooks,
    newId: randomUUID,
  })
  const pages = new Set<string>()
  const limit = () => new RateLimit(options.limit ?? Infinity, clock)

  const app = Fastify(serverOptions)
  sendCallReference(app)
  holdAnswersAgainstSchemas(app)
  await app.register(walletApi, {
    prefix,
    devices,
    payloads,
    applications,
    hasPage: async (payloadId: string) => pages.has(payloadId),
    readClientAddress: clientAddressReader(options.trustedProxies ?? []),
    limits: { addUser: limit(), activateDevice: limit(), failedAuthentication: limit() },
  })

  return {
    app,
    application,
    applications,
    clock,
    devices,
    payloads,
    /** Payloads whose sign page is open. */
    pages,
    create: async (input: Partial<CreateInput> = {}) => {
      const created = await payloads.create(application, { ...aPaymentRequest, ...input })
      if (isRefusal(created)) throw new Error(created.refused)
      return created.payload
    },
    wallet: () => TestWallet.activate(app),
    close: async () => {
      await app.close()
      await database.close()
    },
  }
}

export type WalletServer = Awaited<ReturnType<typeof startWalletServer>>

export const aPaymentRequest: CreateInput = {
  template: {
    kind: 'transaction',
    transactionType: 'Payment',
    family: 'xrpl',
    json: { TransactionType: 'Payment', Destination: 'rPEPPER7kfTD9w2To4CQk6UCfuHM9c6GDY', Amount: '1000000' },
  },
  submit: true,
  multisign: false,
  pathfinding: false,
  pathfindingFallback: false,
  forceNetwork: null,
  signers: null,
  returnUrl: { app: null, web: null },
  lifetime: 60_000,
  bind: false,
  customMeta: { identifier: null, blob: null, instruction: null },
  userToken: null,
}

export interface Answer {
  readonly status: number
  readonly body: any
  readonly headers: Record<string, unknown>
}

export const send = async (app: FastifyInstance, request: InjectOptions): Promise<Answer> => {
  const { statusCode, payload, headers } = await app.inject(request)
  return { status: statusCode, body: JSON.parse(payload), headers }
}

/** A device that signs its calls as the real one does, and tells what it was answered. */
export class TestWallet {
  readonly app: FastifyInstance
  readonly accessToken: string
  readonly uniqueDeviceIdentifier: string
  counter = 0
  bearerHash: string | null = null

  constructor(app: FastifyInstance, accessToken: string, uniqueDeviceIdentifier: string) {
    this.app = app
    this.accessToken = accessToken
    this.uniqueDeviceIdentifier = uniqueDeviceIdentifier
  }

  static async activate(app: FastifyInstance, credentials?: string): Promise<TestWallet> {
    const added =
      credentials === undefined ? (await send(app, { method: 'POST', url: `${prefix}/add-user` })).body : null
    const uniqueDeviceIdentifier = randomUUID()
    const { body } = await send(app, {
      method: 'POST',
      url: `${prefix}/activate-device`,
      headers: { authorization: credentials ?? `${added.user.uuid}.${added.device.uuid}` },
      payload: { uniqueDeviceIdentifier, devicePlatform: 'ios', devicePushToken: '' },
    })
    return new TestWallet(app, body.accessToken, uniqueDeviceIdentifier)
  }

  /** The bearer for the next call, or for another counter. */
  bearer(counter = ++this.counter): string {
    const hash = sha256(`${this.accessToken}${this.uniqueDeviceIdentifier}${counter}`)
    const fourth = this.bearerHash === null ? '' : `.${this.bearerHash}`
    return `Bearer ${this.accessToken}.${counter}.${hash}${fourth}`
  }

  call(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, payload?: unknown): Promise<Answer> {
    return send(this.app, {
      method,
      url: `${prefix}/${path}`,
      headers: { authorization: this.bearer(), 'content-type': 'application/json' },
      ...(payload === undefined ? {} : { payload: JSON.stringify(payload) }),
    })
  }
}
