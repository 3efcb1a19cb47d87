import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { XummSdk } from 'xumm-sdk'
import { startTestServer, type TestApplication, type TestServer } from '../../src/testing.ts'
import { RealWallet } from './real-wallet.ts'

/** The official SDK for JavaScript, unmodified, against a whole server; the user has a wallet with real keys. */
const payment = {
  TransactionType: 'Payment' as const,
  Destination: 'rPEPPER7kfTD9w2To4CQk6UCfuHM9c6GDY',
  Amount: '1000000',
}
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

let server: TestServer
let application: TestApplication
let sdk: XummSdk
let wallet: RealWallet

const sdkOf = ({ apiKey, apiSecret }: Pick<TestApplication, 'apiKey' | 'apiSecret'>): XummSdk => {
  const sdk = new XummSdk(apiKey, apiSecret)
  expect(sdk.setEndpoint(server.url)).toBe(true)
  return sdk
}

beforeAll(async () => {
  // it tells about its sockets on the console
  vi.spyOn(console, 'log').mockImplementation(() => undefined)
  server = await startTestServer()
  application = await server.createApplication({ name: 'Shop', webhookUrl: 'https://shop.test/hook' })
  sdk = sdkOf(application)
  wallet = new RealWallet(async ({ method, path, headers, body }) => {
    const response = await fetch(`${server.url}/api/v1/app/${path}`, {
      method,
      headers,
      ...(body === '' ? {} : { body }),
    })
    return { status: response.status, body: await response.json(), headers: Object.fromEntries(response.headers) }
  }, 'sEdTM1uX8pu2do5XvTnutH6HsouMaM2')
  await wallet.setUp()
})
afterAll(async () => {
  await server.close()
  vi.restoreAllMocks()
})

const create = async (body: object = { txjson: payment }): Promise<string> => {
  const created = await sdk.payload.create(body as { txjson: typeof payment }, true)
  return created!.uuid
}
const sign = async (id: string): Promise<void> => {
  await wallet.accept(await wallet.fetchPayload(id, 'QR'), 'QR')
  await wallet.settled()
}
const reject = async (id: string): Promise<void> => {
  wallet.decline(await wallet.fetchPayload(id, 'QR'), 'QR', 'USER')
  await wallet.settled()
}

test('pings', async () => {
  expect(await sdk.ping()).toEqual({
    quota: {},
    application: { uuidv4: application.apiKey, name: 'Shop', webhookurl: 'https://shop.test/hook', disabled: 0 },
    call: { uuidv4: expect.stringMatching(uuid) },
  })
})

describe('creates', () => {
  const blob = '12000022000000006140000000000F42408314F667B0CA50CC7709A220B0561B85E53A48461FA8'

  test.each([
    ['a template with options', { txjson: payment, options: { expire: 5 }, custom_meta: { instruction: 'Pay' } }],
    ['a bare transaction', payment],
    ['a blob', { txblob: blob }],
    ['a SignIn', { txjson: { TransactionType: 'SignIn' } }],
  ])('%s', async (_, body) => {
    const created = await sdk.payload.create(body as { txjson: typeof payment }, true)
    const page = `${server.url}/sign/${created!.uuid}`
    expect(created).toEqual({
      uuid: expect.stringMatching(uuid),
      next: { always: page },
      refs: {
        qr_png: `${page}_q.png`,
        qr_matrix: `${page}_q.json`,
        qr_uri_quality_opts: ['m', 'q', 'h'],
        websocket_status: page.replace('http', 'ws'),
      },
      pushed: false,
    })
  })

  test('what a user is pushed', async () => {
    const signedIn = await create({ txjson: { TransactionType: 'SignIn' } })
    await sign(signedIn)
    const token = (await sdk.payload.get(signedIn))!.application.issued_user_token!
    const created = await sdk.payload.create({ txjson: payment, user_token: token })
    expect(created).toMatchObject({ pushed: true, next: { no_push_msg_received: expect.stringMatching(/\/qr$/) } })
  })
})

describe('gets', () => {
  test('a payload by its id and by what create answered', async () => {
    const created = (await sdk.payload.create({ txjson: payment }))!
    const byId = await sdk.payload.get(created.uuid)
    expect(byId).toMatchObject({ meta: { uuid: created.uuid, exists: true }, payload: { tx_type: 'Payment' } })
    expect((await sdk.payload.get(created))!.meta).toEqual(byId!.meta)
  })

  test('a payload by its identifier', async () => {
    const id = await create({ txjson: payment, custom_meta: { identifier: 'order 1/2' } })
    expect((await sdk.payload.get('ci/order%201%2F2'))!.meta.uuid).toBe(id)
    expect((await sdk.payload.get('ci/order 1/2'))!.meta.uuid).toBe(id)
  })

  test('null for what is not there', async () => {
    expect(await sdk.payload.get(randomUUID())).toBeNull()
  })
})

describe('subscribes', () => {
  /** The messages until the resolution or expiry, in order. */
  const watch = async (body: object) => {
    const messages: Record<string, unknown>[] = []
    const subscription = await sdk.payload.createAndSubscribe(body as { txjson: typeof payment }, ({ data }) => {
      messages.push(data)
      return 'signed' in data || 'expired' in data ? data : undefined
    })
    return { id: subscription.created.uuid, messages, subscription }
  }
  const welcome = (id: string) => [{ message: `Welcome ${id}` }, { expires_in_seconds: expect.any(Number) }]

  test('to what is opened and signed', async () => {
    const return_url = { web: 'https://shop.test/?id={id}&tx={txid}' }
    const { id, messages, subscription } = await watch({ txjson: payment, options: { return_url } })
    await sign(id)
    const resolved = await subscription.resolved
    const details = (await sdk.payload.get(id))!
    expect(messages).toEqual([
      ...welcome(id),
      { opened: true },
      { pre_signed: true },
      { dispatched: true },
      {
        payload_uuidv4: id,
        reference_call_uuidv4: expect.stringMatching(uuid),
        signed: true,
        user_token: true,
        opened_by_deeplink: false,
        return_url: { app: null, web: `https://shop.test/?id=${id}&tx=${details.response.txid}` },
        txid: details.response.txid,
        custom_meta: { identifier: null, blob: null, instruction: null },
      },
    ])
    expect(resolved).toEqual(messages.at(-1))
    expect(details).toMatchObject({
      meta: { resolved: true, signed: true, app_opened: true },
      response: {
        account: wallet.address,
        hex: expect.stringMatching(/^[0-9A-F]+$/),
        txid: expect.stringMatching(/^[0-9A-F]{64}$/),
      },
    })
    // the payload of the subscription was brought up to date
    expect(subscription.payload.meta.signed).toBe(true)
  })

  test('to what is rejected', async () => {
    const { id, messages, subscription } = await watch({ txjson: payment })
    await reject(id)
    expect(await subscription.resolved).toMatchObject({ signed: false, txid: null })
    expect(messages.slice(0, 3)).toEqual([...welcome(id), { opened: true }])
    expect((await sdk.payload.get(id))!.meta).toMatchObject({ resolved: true, signed: false })
  })

  test('to what expires', async () => {
    const { id, messages, subscription } = await watch({ txjson: payment, options: { expire: 0.01 } })
    expect(await subscription.resolved).toEqual({ expired: true })
    expect(messages).toEqual([...welcome(id), { expired: true }])
    expect((await sdk.payload.get(id))!.meta).toMatchObject({ resolved: false, expired: true, cancelled: false })
  })

  test('to what exists already, however much has happened', async () => {
    const id = await create()
    await sign(id)
    const messages: object[] = []
    const subscription = await sdk.payload.subscribe(id, ({ data }) => {
      messages.push(data)
      return 'signed' in data ? true : undefined
    })
    await subscription.resolved
    expect(messages.slice(2)).toMatchObject([
      { opened: true },
      { pre_signed: true },
      { dispatched: true },
      { signed: true, payload_uuidv4: id },
    ])
  })

  test('to nothing that is not there', async () => {
    await expect(sdk.payload.subscribe(randomUUID())).rejects.toThrow(/^Error code 404, /)
  })
})

test('cancels once', async () => {
  const created = (await sdk.payload.create({ txjson: payment }))!
  expect(await sdk.payload.cancel(created, true)).toMatchObject({
    result: { cancelled: true, reason: 'OK' },
    meta: { uuid: created.uuid, cancelled: true, expired: true },
  })
  expect((await sdk.payload.cancel(created.uuid))!.result).toEqual({ cancelled: false, reason: 'ALREADY_CANCELLED' })
})

test('stores, reads and removes data', async () => {
  expect(await sdk.storage.get()).toBeNull()
  expect(await sdk.storage.set({ name: 'Wietse', nested: { a: [1] } })).toBe(true)
  expect(await sdk.storage.get()).toEqual({ name: 'Wietse', nested: { a: [1] } })
  expect(await sdk.storage.delete()).toBe(true)
  expect(await sdk.storage.get()).toBeNull()
})

test('verifies user tokens', async () => {
  const id = await create({ txjson: { TransactionType: 'SignIn' } })
  await sign(id)
  const token = (await sdk.payload.get(id))!.application.issued_user_token!
  const nobody = randomUUID()
  expect(await sdk.verifyUserTokens([token, nobody])).toMatchObject([
    { user_token: token, active: true, issued: expect.any(Number), expires: expect.any(Number) },
    { user_token: nobody, active: false },
  ])
  expect(await sdk.verifyUserToken(token)).toMatchObject({ user_token: token, active: true })
})

test('reads what the operator would supply', async () => {
  expect(Object.keys(await sdk.getRails())).toContain('XAHAU')
  expect(await sdk.getCuratedAssets()).toEqual({ issuers: [], currencies: [], details: {} })
  expect(await sdk.getKycStatus(payment.Destination)).toBe('NONE')
  expect(await sdk.getKycStatus(randomUUID())).toBe('NONE')
  expect(await sdk.getHookHashes()).toEqual({})
  expect(await sdk.getHookHash('AB'.repeat(32))).toMatchObject({ name: '' })
})

describe('tells what is wrong', () => {
  const reading = (code: number) => new RegExp(`^Error code ${code}, see XUMM Dev Console, reference: [0-9a-f-]{36}$`)

  test.each([
    ['the secret', () => ({ ...application, apiSecret: randomUUID() })],
    ['the key', () => ({ ...application, apiKey: randomUUID() })],
  ])('with the credentials: %s', async (_, wrong) => {
    const stranger = sdkOf(wrong())
    await expect(stranger.ping()).rejects.toThrow(reading(813))
    await expect(stranger.payload.create(payment, true)).rejects.toThrow(reading(813))
    await expect(stranger.storage.get()).rejects.toThrow(reading(813))
    expect(await stranger.payload.create(payment)).toBeNull()
  })

  test.each([
    [413, { txjson: payment, custom_meta: { instruction: 'x'.repeat(281) } }],
    [413, { txjson: payment, filler: 'x'.repeat(256 * 1024) }],
    [602, { txjson: { TransactionType: 'Paymint' } }],
    [603, { txjson: { ...payment, Destination: 'nobody' } }],
    [604, { txjson: payment, txblob: '12' }],
  ])('with a payload: %i', async (code, body) => {
    await expect(create(body)).rejects.toThrow(reading(code))
  })

  test('with an identifier that is taken', async () => {
    const body = { txjson: payment, custom_meta: { identifier: 'taken' } }
    await create(body)
    await expect(create(body)).rejects.toThrow(reading(409))
  })

  test('with a payload that is not there', async () => {
    await expect(sdk.payload.get(randomUUID(), true)).rejects.toThrow(reading(404))
    await expect(sdk.payload.cancel(randomUUID(), true)).rejects.toThrow(reading(404))
  })
})
