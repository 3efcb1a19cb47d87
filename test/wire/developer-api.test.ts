import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientAddressReader } from '../../src/http/client-address.ts'
import { RateLimit } from '../../src/http/rate-limit.ts'
import { isRefusal } from '../../src/refusals.ts'
import { aSubmission, startDeveloperServer, type DeveloperServer } from './developer-server.ts'

const payment = { TransactionType: 'Payment', Destination: 'rPEPPER7kfTD9w2To4CQk6UCfuHM9c6GDY', Amount: '1000000' }
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

let server: DeveloperServer
let call: DeveloperServer['shop']['call']

beforeAll(async () => {
  server = await startDeveloperServer()
  call = server.shop.call
})
afterAll(() => server.close())

const create = async (body: object = {}): Promise<string> => {
  const { status, body: created } = await call('POST', 'payload', { txjson: payment, ...body })
  expect(status).toBe(200)
  return created.uuid
}
const refused = (code: number, status: number) => ({
  status,
  body: { error: { reference: expect.stringMatching(uuid), code, message: expect.stringMatching(/\.$/) } },
})
/** Who opened, and what a signature by them did. */
const sign = async (id: string, grantPush = false) => {
  const ann = await server.addUser()
  const signed = await server.payloads.act(
    ann,
    id,
    { kind: 'sign', submission: aSubmission, grantPush, dispatched: null },
    randomUUID(),
  )
  if (isRefusal(signed)) throw new Error(signed.refused)
  return signed.payload
}

describe('credentials', () => {
  test('that are right are told whose they are', async () => {
    for (const method of ['GET', 'POST']) {
      const { status, headers, body } = await call(method, 'ping')
      expect(status).toBe(200)
      expect(body).toEqual({
        pong: true,
        auth: {
          quota: {},
          application: {
            uuidv4: server.shop.application.id,
            name: 'Shop',
            webhookurl: 'https://shop.test/hook',
            disabled: 0,
          },
          call: { uuidv4: headers.get('x-call-ref') },
        },
      })
    }
  })

  test.each([
    [{}],
    [{ 'x-api-key': randomUUID() }],
    [{ 'x-api-key': 'key', 'x-api-secret': 'secret' }],
    [{ 'x-api-key': randomUUID(), 'x-api-secret': '' }],
  ])('that are missing or malformed are refused: %j', async (headers) => {
    expect(await server.call('GET', 'ping', undefined, headers)).toMatchObject(refused(812, 403))
  })

  test('that are wrong are refused alike, the key or the secret', async () => {
    const { 'x-api-key': key, 'x-api-secret': secret } = server.shop.credentials
    const withHeaders = (headers: Record<string, string>) => server.call('GET', 'ping', undefined, headers)
    const wrongKey = await withHeaders({ 'x-api-key': randomUUID(), 'x-api-secret': secret })
    const wrongSecret = await withHeaders({ 'x-api-key': key, 'x-api-secret': randomUUID() })
    expect(wrongKey).toMatchObject(refused(813, 403))
    expect(wrongSecret).toMatchObject(refused(813, 403))
    expect(wrongKey.body.error.message).toBe(wrongSecret.body.error.message)
  })

  test('of a disabled application are refused', async () => {
    const closed = await server.register('Closed')
    await server.applications.update(closed.application.id, { disabled: true })
    expect(await closed.call('GET', 'ping')).toMatchObject(refused(810, 403))
  })

  test('are asked for before the body is looked at, and never logged', async () => {
    expect(await server.call('POST', 'payload', '{')).toMatchObject(refused(812, 403))
    expect(server.logged.join('')).not.toContain(server.shop.apiSecret)
  })

  test('count when they fail, by address', async () => {
    const limit = new RateLimit(2, server.clock)
    const readClientAddress = clientAddressReader(['127.0.0.1'])
    const guarded = await startDeveloperServer({ failedAuthentications: { limit, readClientAddress } })
    try {
      const from = (address: string, credentials = {}) =>
        guarded.call('GET', 'ping', undefined, { 'x-forwarded-for': address, ...credentials })
      expect((await from('192.0.2.1')).status).toBe(403)
      expect((await from('192.0.2.1')).status).toBe(403)
      const third = await from('192.0.2.1', guarded.shop.credentials)
      expect(third).toMatchObject(refused(429, 429))
      expect(Number(third.headers.get('retry-after'))).toBeGreaterThan(0)
      expect((await from('192.0.2.2', guarded.shop.credentials)).status).toBe(200)
      expect((await guarded.call('GET', 'ping')).status).toBe(403)
    } finally {
      await guarded.close()
    }
  })
})

describe('creating', () => {
  test('says where to send the user and where to look', async () => {
    const { status, body } = await call('POST', 'payload', { txjson: payment })
    const page = `https://sign.test/sign/${body.uuid}`
    expect(status).toBe(200)
    expect(body).toEqual({
      uuid: expect.stringMatching(uuid),
      next: { always: page },
      refs: {
        qr_png: `${page}_q.png`,
        qr_matrix: `${page}_q.json`,
        qr_uri_quality_opts: ['m', 'q', 'h'],
        websocket_status: `wss://sign.test/sign/${body.uuid}`,
      },
      pushed: false,
    })
  })

  test('pushes to a user who allowed it, and to nobody for a token of another application', async () => {
    const token = (await sign(await create(), true)).outcome?.userToken?.token
    const pushed = await call('POST', 'payload', { txjson: payment, user_token: token })
    expect(pushed.body).toMatchObject({
      pushed: true,
      next: { no_push_msg_received: `https://sign.test/sign/${pushed.body.uuid}/qr` },
    })
    const other = await server.register('Other')
    for (const user_token of [token, randomUUID()]) {
      const { body } = await other.call('POST', 'payload', { txjson: payment, user_token })
      expect(body).toMatchObject({ pushed: false, next: { always: expect.any(String) } })
      expect(body.next).not.toHaveProperty('no_push_msg_received')
    }
  })

  test.each([
    [599, 400, undefined],
    [599, 400, '{'],
    [599, 400, '[]'],
    [599, 400, '{}'],
    [599, 400, '{"txjson":{"TransactionType":"SignIn","Memos":[{"__proto__":null}]}}'],
    [600, 400, { options: {} }],
    [604, 400, { txjson: payment, txblob: '12' }],
    [601, 400, { txblob: '12' }],
    [602, 400, { txjson: { TransactionType: 'Paymint' } }],
    [603, 400, { txjson: { ...payment, Amount: ' 1' } }],
    [606, 400, { txjson: payment, options: { expire: -1 } }],
    [413, 400, { txjson: payment, custom_meta: { identifier: 'x'.repeat(41) } }],
    [413, 413, { txjson: payment, filler: 'x'.repeat(256 * 1024) }],
  ])('is refused with %i (HTTP %i)', async (code, status, body) => {
    expect(await call('POST', 'payload', body)).toMatchObject(refused(code, status))
  })

  test('with an identifier that is taken is refused, with that of another application not', async () => {
    const body = { txjson: payment, custom_meta: { identifier: 'taken' } }
    await create(body)
    expect(await call('POST', 'payload', body)).toMatchObject(refused(409, 409))
    const other = await server.register('Other')
    expect((await other.call('POST', 'payload', body)).status).toBe(200)
  })
})

describe('fetching', () => {
  test('shows the payload, tells subscribers, and knows any case of the id', async () => {
    const id = await create({ custom_meta: { instruction: 'Pay the order' } })
    const { status, headers, body } = await call('GET', `payload/${id.toUpperCase()}`)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      meta: { uuid: id, exists: true, app_opened: false },
      application: { uuidv4: server.shop.application.id },
      payload: { request_json: payment, expires_in_seconds: 86_400 },
      custom_meta: { instruction: 'Pay the order' },
    })
    expect(server.fetched).toContainEqual([id, headers.get('x-call-ref')])
  })

  test.each(['order 1', 'ünï/cödé', 'a//b', '100%', '../ping', '😀'.repeat(40), '?#&', 'trailing/'])(
    'finds the identifier %j, URL-encoded',
    async (identifier) => {
      const id = await create({ custom_meta: { identifier } })
      const { body } = await call('GET', `payload/ci/${encodeURIComponent(identifier)}`)
      expect(body).toMatchObject({ meta: { uuid: id }, custom_meta: { identifier } })
    },
  )

  test('finds an identifier with a slash that was not encoded', async () => {
    const id = await create({ custom_meta: { identifier: '2026/01/31' } })
    expect((await call('GET', 'payload/ci/2026/01/31')).body.meta.uuid).toBe(id)
  })

  test.each([
    `payload/${randomUUID()}`,
    'payload/not-a-uuid',
    'payload/ci/nobody',
    `payload/ci/${'x'.repeat(3000)}`,
    `payload/${'x'.repeat(900)}`,
  ])('does not find %s', async (path) => {
    expect(await call('GET', path)).toMatchObject(refused(404, 404))
  })

  test('refuses U+0000 in an identifier', async () => {
    expect(await call('GET', 'payload/ci/a%00b')).toMatchObject(refused(606, 400))
  })

  test("does not show another application's", async () => {
    const id = await create({ custom_meta: { identifier: 'ours' } })
    const other = await server.register('Other')
    expect(await other.call('GET', `payload/${id}`)).toMatchObject(refused(404, 404))
    expect(await other.call('GET', 'payload/ci/ours')).toMatchObject(refused(404, 404))
    expect(await other.call('DELETE', `payload/${id}`)).toMatchObject(refused(404, 404))
  })
})

describe('cancelling', () => {
  test('what nobody opened ends it', async () => {
    const id = await create({ custom_meta: { identifier: 'undone' } })
    const { status, body } = await call('DELETE', `payload/${id}`)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      result: { cancelled: true, reason: 'OK' },
      meta: { uuid: id, resolved: false, cancelled: true, expired: true },
      custom_meta: { identifier: 'undone', blob: null, instruction: null },
    })
  })

  test('says why it cannot', async () => {
    const reasonFor = async (id: string) => (await call('DELETE', `payload/${id}`)).body.result
    const cancelled = await create()
    await reasonFor(cancelled)
    const opened = await create()
    await server.payloads.open(await server.addUser(), opened)
    const signed = await create()
    await sign(signed)
    const expired = await create({ options: { expire: 1 } })
    server.clock.time += 60_000
    expect(await reasonFor(cancelled)).toEqual({ cancelled: false, reason: 'ALREADY_CANCELLED' })
    expect(await reasonFor(signed)).toEqual({ cancelled: false, reason: 'ALREADY_RESOLVED' })
    expect(await reasonFor(expired)).toEqual({ cancelled: false, reason: 'ALREADY_EXPIRED' })
    expect(await reasonFor(opened)).toEqual({ cancelled: false, reason: 'ALREADY_OPENED' })
  })

  test.each([randomUUID(), 'not-a-uuid'])('what is not there is refused: %s', async (id) => {
    expect(await call('DELETE', `payload/${id}`)).toMatchObject(refused(404, 404))
  })
})

describe('the app storage', () => {
  test('keeps one object for each application', async () => {
    const { application, call } = await server.register('Keeper')
    const owner = { application: { name: 'Keeper', uuidv4: application.id } }
    expect((await call('GET', 'app-storage')).body).toEqual({ ...owner, data: null })
    const data = { refused: 'internal', nested: [{ a: 'ß' }], nothing: null }
    expect((await call('POST', 'app-storage', data)).body).toEqual({ ...owner, stored: true, data })
    expect((await call('GET', 'app-storage')).body).toEqual({ ...owner, data })
    expect((await server.shop.call('GET', 'app-storage')).body.data).toBeNull()
    expect((await call('DELETE', 'app-storage')).body).toEqual({ ...owner, stored: true, data: null })
    expect((await call('GET', 'app-storage')).body).toEqual({ ...owner, data: null })
  })

  test.each([undefined, 'nonsense', '[]', '"text"', 'null', '7', '{"__proto__":1}'])(
    'takes nothing but an object: %j',
    async (body) => {
      expect(await call('POST', 'app-storage', body)).toMatchObject(refused(599, 400))
    },
  )

  test('has a limit, and refuses text that cannot be kept', async () => {
    const ofSize = (bytes: number) => ({ a: 'x'.repeat(bytes - 8) })
    expect((await call('POST', 'app-storage', ofSize(60 * 1024))).status).toBe(200)
    expect(await call('POST', 'app-storage', ofSize(60 * 1024 + 1))).toMatchObject(refused(413, 413))
    expect(await call('POST', 'app-storage', { 'a\0': 1 })).toMatchObject(refused(606, 400))
  })
})

describe('user tokens', () => {
  const unknown = { active: false, issued: 0, expires: 0, token_issued: 0, token_expiration: 0 }

  test('are told valid, in order, one element for each', async () => {
    const now = Math.floor(server.clock.time / 1000)
    const token = (await sign(await create(), true)).outcome!.userToken!.token
    const month = 30 * 24 * 60 * 60
    const active = {
      user_token: token,
      active: true,
      issued: now,
      expires: now + month,
      token_issued: now,
      token_expiration: now + month,
    }
    const nobody = randomUUID()
    const tokens = [nobody, token, 'not a token', token]
    const expected = [{ user_token: nobody, ...unknown }, active, { user_token: 'not a token', ...unknown }, active]
    expect((await call('POST', 'user-tokens', { tokens })).body).toEqual({ tokens: expected })
    expect((await call('POST', 'user-tokens', tokens)).body).toEqual({ tokens: expected })
    expect((await call('GET', `user-token/${token}`)).body).toEqual({ tokens: [active] })
    expect((await call('GET', `user-token/${nobody}`)).body).toEqual({ tokens: [{ user_token: nobody, ...unknown }] })
    const other = await server.register('Other')
    expect((await other.call('GET', `user-token/${token}`)).body.tokens).toEqual([{ user_token: token, ...unknown }])
    expect((await call('POST', 'user-tokens', [])).body).toEqual({ tokens: [] })
  })

  test.each([
    [599, undefined],
    [599, '"text"'],
    [606, {}],
    [606, { tokens: 'text' }],
    [606, { tokens: [7] }],
    [606, { tokens: ['\0'] }],
    [606, Array.from({ length: 501 }, () => 'x')],
  ])('asked for wrongly are refused with %i', async (code, body) => {
    expect(await call('POST', 'user-tokens', body)).toMatchObject(refused(code, 400))
  })

  test('that are no UUID are not found', async () => {
    expect(await call('GET', 'user-token/x')).toMatchObject(refused(404, 404))
  })
})

describe('what the operator would supply', () => {
  const account = 'rPEPPER7kfTD9w2To4CQk6UCfuHM9c6GDY'
  const hash = 'AB'.repeat(32)

  test.each([
    ['GET', 'curated-assets', { issuers: [], currencies: [], details: {} }],
    ['GET', 'hookhash', {}],
    ['GET', `hookhash/${hash}`, { name: '', description: '' }],
    ['GET', `account-meta/${account}`, { account, kycApproved: false, thirdPartyProfiles: [] }],
    ['POST', 'kyc-status', { kycStatus: 'NONE', possibleStatuses: { SUCCESSFUL: expect.any(String) } }],
  ])('%s %s is empty but well-formed', async (method, path, expected) => {
    const { status, body } = await call(method, path, method === 'POST' ? { user_token: randomUUID() } : undefined)
    expect(status).toBe(200)
    expect(body).toMatchObject(expected)
  })

  test('the status of an account is for everybody', async () => {
    const { status, body } = await server.call('GET', `kyc-status/${account}`)
    expect({ status, body }).toMatchObject({ status: 200, body: { account, kycApproved: false } })
  })

  test('the networks are known', async () => {
    const { body } = await call('GET', 'rails')
    expect(Object.keys(body)).toEqual(['MAINNET', 'TESTNET', 'DEVNET', 'XAHAU', 'XAHAUTESTNET'])
    expect(body.XAHAU).toEqual({
      chain_id: 21337,
      color: expect.stringMatching(/^#[0-9A-F]{6}$/),
      name: 'Xahau',
      is_livenet: true,
      native_asset: 'XAH',
      endpoints: expect.arrayContaining([{ name: expect.any(String), url: expect.stringMatching(/^wss:/) }]),
      explorers: expect.arrayContaining([expect.objectContaining({ name: 'Bithomp', url_tx: expect.any(String) })]),
      icons: { icon_square: expect.stringMatching(/^data:image/), icon_asset: expect.stringMatching(/^data:image/) },
    })
  })

  test.each([
    ['GET', 'rates/USD'],
    ['GET', `xrpl-tx/${hash}`],
    ['GET', 'xrpl-tx/nonsense'],
    ['GET', 'hookhash/nonsense'],
    ['GET', 'account-meta/nobody'],
    ['GET', 'kyc-status/nobody'],
  ])('%s %s is not there', async (method, path) => {
    expect(await call(method, path)).toMatchObject(refused(404, 404))
  })

  test('the status of a user is asked by a token', async () => {
    expect(await call('POST', 'kyc-status', {})).toMatchObject(refused(606, 400))
    expect(await call('POST', 'kyc-status')).toMatchObject(refused(599, 400))
  })
})

describe('an unknown endpoint', () => {
  test.each([
    ['GET', 'nothing', 'nothing'],
    ['PUT', 'payload', 'payload'],
    ['GET', 'payload', 'payload'],
    ['OPTIONS', 'ping', 'ping'],
    ['POST', 'xapp/event', 'xapp/event'],
    ['GET', '/nothing//at//all/?really=1', 'nothing/at/all'],
  ])('%s %s needs no credentials', async (method, path, shown) => {
    const { status, headers, body } = await server.call(method, path)
    expect(status).toBe(404)
    expect(body).toEqual({
      error: true,
      message: 'Endpoint unknown or method invalid for given endpoint',
      reference: '',
      code: 404,
      req: `/api/v1/platform/${shown}`,
      method,
    })
    expect(headers.get('x-call-ref')).toMatch(uuid)
    expect(headers.get('access-control-allow-origin')).toBeNull()
  })
})

test('slashes do not matter', async () => {
  const id = await create()
  expect((await call('GET', 'ping/')).body.pong).toBe(true)
  expect((await call('POST', '/payload//', { txjson: payment })).status).toBe(200)
  expect((await call('GET', `/payload//${id}/`)).body.meta.uuid).toBe(id)
})

describe('rate limits', () => {
  const standing = ({ headers }: { headers: Headers }) => [
    headers.get('x-ratelimit-limit'),
    headers.get('x-ratelimit-remaining'),
  ]

  test('are off unless set', async () => {
    expect(standing(await call('GET', 'ping'))).toEqual([null, null])
  })

  test('count each application apart, tell how it stands, and end with the minute', async () => {
    const limited = await startDeveloperServer({ rateLimits: 2, clock: server.clock })
    try {
      const { call } = limited.shop
      expect(standing(await call('GET', 'ping'))).toEqual(['2', '1'])
      expect(standing(await call('POST', 'payload', '{'))).toEqual(['2', '0'])
      const third = await call('GET', 'ping')
      expect(third).toMatchObject(refused(429, 429))
      expect(standing(third)).toEqual(['2', '0'])
      expect(third.headers.get('retry-after')).toBe('60')
      expect((await (await limited.register('Other')).call('GET', 'ping')).status).toBe(200)
      expect(standing(await limited.call('GET', 'ping'))).toEqual(['2', '2'])
      expect(standing(await limited.call('GET', 'nothing'))).toEqual(['2', '2'])
      server.clock.time += 60_000
      expect((await call('GET', 'ping')).status).toBe(200)
    } finally {
      await limited.close()
    }
  })

  test('may differ by class of route', async () => {
    const limited = await startDeveloperServer({ rateLimits: { create: 1 }, clock: server.clock })
    try {
      const { call } = limited.shop
      expect(standing(await call('POST', 'payload', { txjson: payment }))).toEqual(['1', '0'])
      expect((await call('POST', 'payload', { txjson: payment })).status).toBe(429)
      const other = await call('GET', 'ping')
      expect([other.status, ...standing(other)]).toEqual([200, null, null])
    } finally {
      await limited.close()
    }
  })
})
