import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ApplicationSettings } from '../../src/application/application.ts'
import { readConfiguration } from '../../src/configuration/configuration.ts'
import { createServer, type Server } from '../../src/create-server.ts'
import { isRefusal } from '../../src/refusals.ts'
import type { Database } from '../../src/storage/database.ts'
import { deliveryStore } from '../../src/storage/delivery-store.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { payloadStore } from '../../src/storage/payload-store.ts'
import { startTestServer } from '../../src/testing.ts'
import { keysOf, newKeys } from '../../src/virtual-wallet/keys.ts'
import { createVirtualWallet, type VirtualWallet } from '../../src/virtual-wallet/virtual-wallet.ts'
import { ApplicationClient, payment, signIn } from '../application-client.ts'
import { databases } from '../databases.ts'
import { startScriptedNode } from '../ledger-node.ts'
import type { TemporaryDatabase } from '../postgres.ts'
import { askForUpgrade } from '../raw-client.ts'
import { signedPatch } from '../signed-patch.ts'
import { StatusSubscriber } from '../status-subscriber.ts'
import { WebhookReceiver } from '../webhook-receiver.ts'

/** More than any of these tests needs. */
const grace = 20_000

let database: TemporaryDatabase
let receiver: WebhookReceiver
let hook: string
let server: Server
let wallet: VirtualWallet
let application: ApplicationClient

const common = () => ({
  HOST: '127.0.0.1',
  PORT: '0',
  DATABASE_URL: database.url,
  COUNTERSIGN_SECRET_KEY: '0'.repeat(64),
  COUNTERSIGN_WEBHOOK_ALLOW: '127.0.0.1',
})

const start = async (environment: Record<string, string>, settings: Partial<ApplicationSettings> = {}) => {
  const configuration = readConfiguration('serve', { ...common(), ...environment })
  server = await createServer(configuration, pino({ level: 'silent' }))
  await server.listen()
  const issued = await server.foundation.applications.create({ name: 'Shop', ...settings })
  if (isRefusal(issued)) throw new Error(issued.refused)
  application = new ApplicationClient(server.listeningUrl, { ...issued, apiKey: issued.application.id })
  wallet = await createVirtualWallet({ server: server.listeningUrl })
}

/** What the server left in its database. */
const leftBehind = async <T>(read: (database: Database) => Promise<T>): Promise<T> => {
  const opened = await openDatabase({ url: database.url })
  try {
    return await read(opened)
  } finally {
    await opened.close()
  }
}

/** Every delivery that is due by now. */
const claimDue = () =>
  leftBehind(async (opened) => {
    const deliveries = deliveryStore(opened)
    const due = await deliveries.listDueApplications()
    const claims = due.map(({ applicationId }) => deliveries.claim(applicationId, 10, crypto.randomUUID(), 1_000))
    return (await Promise.all(claims)).flat()
  })

describe.each(databases)('a server that drains, on $name', ({ create }) => {
  beforeEach(async () => {
    database = await create()
    receiver = new WebhookReceiver()
    hook = await receiver.start()
  })
  afterEach(async () => {
    wallet.close()
    await receiver.stop()
    await database.drop()
  })

  it('is not ready and takes no sockets, but answers requests, each as the last on its connection', async () => {
    await start({ DRAIN_SECONDS: '1' })
    const uuid = await application.create({ txjson: signIn })
    const url = server.listeningUrl
    const from = performance.now()
    const closed = server.close(grace)

    const readyz = await fetch(`${url}/readyz`)
    expect([readyz.status, readyz.headers.get('connection')]).toEqual([503, 'close'])
    expect(await readyz.json()).toMatchObject({ status: 'not ready', database: true, bus: true, draining: true })
    const page = await fetch(`${url}/sign/${uuid}`)
    expect([page.status, page.headers.get('connection')]).toEqual([200, 'close'])
    expect(await application.details(uuid)).toMatchObject({ meta: { uuid, resolved: false } })
    const refused = await askForUpgrade(Number(new URL(url).port), `/sign/${uuid}`)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '2'])
    expect(await (await fetch(`${url}/metrics`)).text()).toContain('countersign_live_refused_draining_total 1')

    await closed
    expect(performance.now() - from).toBeGreaterThanOrEqual(999)
    await expect(fetch(`${url}/healthz`)).rejects.toThrow()
  })

  it('closes its sockets one after the other, and tells those that are still there what happens elsewhere', async () => {
    await start({ DRAIN_SECONDS: '4', RECONCILE_SECONDS: '0.1' })
    const other = await startTestServer({ environment: common() })
    const uuid = await application.create({ txjson: signIn })
    const first = await StatusSubscriber.connect(server.listeningUrl, uuid)
    const second = await StatusSubscriber.connect(server.listeningUrl, uuid)
    const closed = server.close(grace)
    expect(await first.closed).toMatchObject({ code: 1012 })
    const elsewhere = await createVirtualWallet({
      server: other.url,
      state: { ...wallet.state, server: other.url },
    })
    await elsewhere.reject(uuid)
    expect(await second.hears('signed')).toMatchObject({ signed: false })
    expect(await second.closed).toMatchObject({ code: 1012 })
    await closed
    elsewhere.close()
    await other.close()
  })

  it('begins no attempt of a webhook any more, and leaves it to others', async () => {
    await start({ DRAIN_SECONDS: '0.5' }, { webhookUrl: hook })
    const uuid = await application.create({ txjson: signIn })
    const closed = server.close(grace)
    await wallet.reject(uuid)
    await closed
    expect(receiver.received).toEqual([])
    expect(await claimDue()).toMatchObject([{ payloadId: uuid, attempts: 0 }])
  })

  it('gives back an attempt that the grace cuts off: it is due again at once', async () => {
    await start({ DRAIN_SECONDS: '0' }, { webhookUrl: hook })
    receiver.answer = () => undefined
    const uuid = await application.create({ txjson: signIn })
    await wallet.reject(uuid)
    await receiver.has(1)
    await server.close(100)
    expect(await claimDue()).toMatchObject([{ payloadId: uuid, attempts: 0 }])
  })

  it('puts off what it asks a silent ledger node when the grace is over, instead of keeping the lease', async () => {
    const account = 'rPEPPER7kfTD9w2To4CQk6UCfuHM9c6GDY'
    const keys = keysOf('sEdTM1uX8pu2do5XvTnutH6HsouMaM2')
    const node = await startScriptedNode()
    const often = { PENDING_CHECK_SECONDS: '0.05', FOLLOW_SECONDS: '0.05' }
    await start({ DRAIN_SECONDS: '0', LEDGER_URL: node.url, LEDGER_TIMEOUT_SECONDS: '20', ...often })
    node.deafTo.add('tx')
    const submitted = await application.create({ txjson: payment, options: { submit: true } })
    const { tx_id: txid, ...rest } = signedPatch(newKeys(), payment)
    await wallet.client.patchPayload(submitted, { ...rest, tx_id: txid! })
    await vi.waitFor(() => expect(node.requests).toContainEqual(expect.objectContaining({ transaction: txid })))

    node.behaviour = 'busy'
    const unconfirmed = await application.create({ txjson: payment })
    await wallet.client.patchPayload(unconfirmed, signedPatch(keys, payment, account))
    node.behaviour = 'answer'
    node.deafTo.add('account_info')
    const asked = node.requests.length
    await vi.waitFor(() => expect(node.requests.length).toBeGreaterThan(asked))

    const from = performance.now()
    await server.close(100)
    // well before the node's time is over, and the lease of half a minute
    expect(performance.now() - from).toBeLessThan(10_000)
    await leftBehind(async (opened) => {
      const payloads = payloadStore(opened)
      const claim = async () => [
        ...(await payloads.claimPendingChecks(10, 0)).checks,
        ...(await payloads.claimFollowedTransactions(10, 0)).followed,
      ]
      await vi.waitFor(
        async () => expect(await claim()).toMatchObject([{ payloadId: unconfirmed }, { payloadId: submitted, txid }]),
        { timeout: 10_000 },
      )
    })
    await node.close()
  })
})
