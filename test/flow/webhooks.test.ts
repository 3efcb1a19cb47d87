import { createHmac } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ApplicationSettings } from '../../src/application/application.ts'
import { deliveryStore } from '../../src/storage/delivery-store.ts'
import { startTestServer, type TestApplication, type TestServer } from '../../src/testing.ts'
import { createVirtualWallet, type VirtualWallet } from '../../src/virtual-wallet/virtual-wallet.ts'
import { WebhookReceiver } from '../webhook-receiver.ts'

let server: TestServer
let receiver: WebhookReceiver
let hook: string
let wallet: VirtualWallet

beforeEach(async () => {
  receiver = new WebhookReceiver()
  hook = await receiver.start()
  server = await startTestServer({
    environment: { WEBHOOK_WAIT_SECONDS: '0.05,0.05,0.05,0.05', WEBHOOK_INTERVAL_SECONDS: '0.05' },
  })
  wallet = await createVirtualWallet({ server: server.url, dispatchedResult: 'tesSUCCESS' })
})
afterEach(async () => {
  wallet.close()
  await server.close()
  await receiver.stop()
})

const anApplicationWith = (settings: Partial<ApplicationSettings> = {}): Promise<TestApplication> =>
  server.createApplication({ webhookUrl: hook, ...settings })

const create = async ({ apiKey, apiSecret }: TestApplication, body: object): Promise<string> => {
  const response = await fetch(`${server.url}/api/v1/platform/payload`, {
    method: 'POST',
    headers: { 'x-api-key': apiKey, 'x-api-secret': apiSecret },
    body: JSON.stringify(body),
  })
  return ((await response.json()) as { uuid: string }).uuid
}
const signIn = { txjson: { TransactionType: 'SignIn' } }
const blob = { 10: 'ten', 9: 'nine', b: 1e21, a: -0.5, text: 'Grüße 🖋', nested: [{ 2: 1, 1: 2 }] }

describe('a resolution', () => {
  it('is posted at once, and both signatures verify as receivers compute them', async () => {
    const application = await anApplicationWith()
    const uuid = await create(application, { ...signIn, custom_meta: { identifier: 'order-1', blob } })
    const { txid } = await wallet.sign(uuid)
    await receiver.has(1)
    const { headers, body } = receiver.received[0]!
    expect(JSON.parse(body)).toEqual({
      meta: { url: hook, application_uuidv4: application.apiKey, payload_uuidv4: uuid, opened_by_deeplink: false },
      custom_meta: { identifier: 'order-1', blob, instruction: null },
      payloadResponse: {
        payload_uuidv4: uuid,
        reference_call_uuidv4: expect.any(String),
        signed: true,
        user_token: true,
        return_url: { app: null, web: null },
        txid,
      },
      userToken: {
        user_token: expect.any(String),
        token_issued: expect.any(Number),
        token_expiration: expect.any(Number),
      },
    })
    expect(headers).toMatchObject({ 'x-xumm-attempt': '1', 'x-xumm-payload': uuid, 'content-type': 'application/json' })
    // as the published sample computes it: the first dash only, over what it stringifies again
    const sample = createHmac('sha1', application.apiSecret.replace('-', ''))
      .update(`${headers['x-xumm-request-timestamp'] as string}${JSON.stringify(JSON.parse(body))}`)
      .digest('hex')
    expect(headers['x-xumm-request-signature']).toBe(sample)
    const standard = new Webhook(Buffer.from(application.apiSecret).toString('base64'))
    expect(standard.verify(body, headers as Record<string, string>)).toEqual(JSON.parse(body))
  })

  it('is posted again with the same id and body until it is accepted', async () => {
    let failures = 2
    receiver.answer = (response) => {
      response.statusCode = failures-- > 0 ? 500 : 204
      response.end()
    }
    const uuid = await create(await anApplicationWith(), signIn)
    await wallet.reject(uuid)
    await receiver.has(3)
    expect(receiver.received.map(({ headers }) => headers['x-xumm-attempt'])).toEqual(['1', '2', '3'])
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1)
  })

  it('is given up after five attempts', async () => {
    receiver.answer = (response) => {
      response.statusCode = 404
      response.end()
    }
    const application = await anApplicationWith()
    const owed = receiver.has(5)
    await wallet.reject(await create(application, signIn))
    await owed
    // another application's webhook comes after any sixth attempt would have come
    const other = new WebhookReceiver()
    const otherHook = await other.start()
    await wallet.reject(await create(await anApplicationWith({ webhookUrl: otherHook }), signIn))
    await other.has(1)
    await other.stop()
    expect(receiver.received).toHaveLength(5)
  })

  it('is signed by the old and the new secret for a while after a rotation', async () => {
    const application = await anApplicationWith()
    const rotated = await server.server.foundation.applications.rotateSecret(application.apiKey)
    if ('refused' in rotated) throw new Error(rotated.refused)
    await wallet.reject(await create({ ...application, apiSecret: rotated.apiSecret }, signIn))
    await receiver.has(1)
    const { headers, body } = receiver.received[0]!
    for (const secret of [application.apiSecret, rotated.apiSecret]) {
      const standard = new Webhook(Buffer.from(secret).toString('base64'))
      expect(standard.verify(body, headers as Record<string, string>)).toBeDefined()
    }
  })
})

describe('events that an application asked for', () => {
  it('go to a URL of their own and look like no resolution before there is one', async () => {
    const application = await anApplicationWith({
      webhookUrl: '',
      eventsUrl: hook,
      events: ['opened', 'expired', 'cancelled', 'dispatched'],
    })
    await create(application, { ...signIn, options: { expire: 0.002 } })
    await receiver.has(1)
    const payment = { TransactionType: 'Payment', Destination: 'rPEPPER7kfTD9w2To4CQk6UCfuHM9c6GDY', Amount: '1' }
    await wallet.sign(await create(application, { txjson: payment }))
    await receiver.has(3)
    const bodies = receiver.received.map(({ body }) => JSON.parse(body) as { meta: { event: string } })
    expect(bodies.map(({ meta }) => meta.event)).toEqual(['expired', 'opened', 'dispatched'])
    // the ledger answers only what was resolved
    expect(bodies.map((body) => 'payloadResponse' in body)).toEqual([false, false, true])
  })
})

it('an address that is not allowed is not reached, and every attempt says why', async () => {
  await server.close()
  server = await startTestServer({
    environment: {
      COUNTERSIGN_WEBHOOK_ALLOW: '10.0.0.0/8',
      WEBHOOK_WAIT_SECONDS: '0.05',
      WEBHOOK_INTERVAL_SECONDS: '0.05',
    },
  })
  wallet = await createVirtualWallet({ server: server.url })
  await wallet.reject(await create(await anApplicationWith(), signIn))
  const deliveries = deliveryStore(server.server.foundation.database)
  const given = await vi.waitFor(async () => {
    const [delivery] = await deliveries.list({ state: 'failed', limit: 1 })
    if (delivery === undefined) throw new Error('not given up yet')
    return deliveries.find(delivery.id)
  }, 10_000)
  expect(given?.attempts).toHaveLength(2)
  for (const { outcome } of given!.attempts) expect(outcome).toContain('127.0.0.1')
  expect(receiver.received).toHaveLength(0)
})
