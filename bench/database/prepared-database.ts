import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { startTestServer, type TestApplication, type TestServer } from '../../src/testing.ts'
import { createVirtualWallet } from '../../src/virtual-wallet/virtual-wallet.ts'
import { createPostgres } from '../../test/postgres.ts'
import type { Environment } from '../servers/countersign.ts'
import { removeTemporaryFolder, temporaryFolder } from '../temporary-folder.ts'
import { makeCopies } from './bulk-copies.ts'

export type DatabaseKind = 'SQLite' | 'PostgreSQL'

/** What an application sends with each of its requests. */
export type Credentials = Readonly<Record<'x-api-key' | 'x-api-secret', string>>

/** A database with an application in it that wants no webhooks, for as many servers as want to use it one after the other or at once. */
export interface PreparedDatabase {
  readonly kind: DatabaseKind
  readonly url: string
  /** For `countersign serve`. */
  readonly environment: Environment
  readonly credentials: Credentials
  /**
   * Sign-ins that nobody opened yet, so many from this number on, made at once.
   *
   * @see payloadId
   */
  readonly addUnopened: (from: number, count: number) => Promise<void>
  /** Sign-ins of another application that were opened, signed, and told to a webhook. */
  readonly addDelivered: (from: number, count: number) => Promise<void>
  drop(): Promise<void>
}

export const signIn = { txjson: { TransactionType: 'SignIn' } }

/** For as long as the work goes on. */
export const withDatabase = async <T>(
  kind: DatabaseKind,
  work: (database: PreparedDatabase) => Promise<T>,
): Promise<T> => {
  const database = await prepareDatabase(kind)
  try {
    return await work(database)
  } finally {
    await database.drop()
  }
}

export const prepareDatabase = async (kind: DatabaseKind): Promise<PreparedDatabase> => {
  const made = kind === 'SQLite' ? createSqlite() : await createPostgres()
  const { url } = made
  const environment = {
    DATABASE_URL: url,
    COUNTERSIGN_SECRET_KEY: 'b'.repeat(64),
    COUNTERSIGN_ADMIN_TOKEN: adminToken,
    COUNTERSIGN_WEBHOOK_ALLOW: '127.0.0.0/8',
  }
  const receiver = createServer((request, response) => request.resume().on('end', () => response.end()))
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  const webhookUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`
  const server = await startTestServer({ environment })
  try {
    const credentials = credentialsOf(await server.createApplication())
    const unopened = await create(server.url, credentials)
    const delivered = await create(server.url, credentialsOf(await server.createApplication({ webhookUrl })))
    await deliver(server, delivered)
    return {
      kind,
      url,
      environment,
      credentials,
      addUnopened: (from, count) => makeCopies(url, { modelId: unopened, from, until: from + count }),
      addDelivered: (from, count) => makeCopies(url, { modelId: delivered, from, until: from + count }),
      drop: () => made.drop(),
    }
  } finally {
    await server.close()
    receiver.close().closeAllConnections()
  }
}

export const adminToken = 'bench'.repeat(8)

const createSqlite = () => {
  const folder = temporaryFolder()
  return { url: `sqlite:${join(folder, 'bench.db')}`, drop: async () => removeTemporaryFolder(folder) }
}

const credentialsOf = ({ apiKey, apiSecret }: TestApplication): Credentials => ({
  'x-api-key': apiKey,
  'x-api-secret': apiSecret,
})

const create = async (url: string, credentials: Credentials): Promise<string> => {
  const headers = { 'content-type': 'application/json', ...credentials }
  const body = JSON.stringify({ ...signIn, options: { expire: 30 * 24 * 60 } })
  const answer = await fetch(`${url}/api/v1/platform/payload`, { method: 'POST', headers, body })
  const { uuid } = (await answer.json()) as { uuid: string }
  return uuid
}

const deliver = async (server: TestServer, id: string): Promise<void> => {
  const wallet = await createVirtualWallet({ server: server.url })
  await wallet.sign(id)
  wallet.close()
  while ((await deliveryStateOf(server.url, id)) !== 'delivered') await setTimeout(20)
}

const deliveryStateOf = async (url: string, payload: string): Promise<string | undefined> => {
  const headers = { authorization: `Bearer ${adminToken}` }
  const answer = await fetch(`${url}/api/v1/admin/deliveries?payload=${payload}`, { headers })
  const { deliveries } = (await answer.json()) as { deliveries: { state: string }[] }
  return deliveries[0]?.state
}

/** Numbers of payloads that nobody had yet: rounds must not meet each other's. */
export class Numbers {
  #next: number

  constructor(first = 1) {
    this.#next = first
  }

  take(count: number): number {
    const from = this.#next
    this.#next += count
    return from
  }
}
