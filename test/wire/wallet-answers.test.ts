import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aSignature } from '../payload-fixture.ts'
import { prefix, send, startWalletServer, TestWallet, type WalletServer } from './wallet-server.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const account = 'rPEPPER7kfTD9w2To4CQk6UCfuHM9c6GDY'

let server: WalletServer

beforeAll(async () => {
  server = await startWalletServer()
})
afterAll(() => server.close())

describe('ping', () => {
  it('tells the wallet who it is, and what it told us', async () => {
    const wallet = await server.wallet()
    wallet.counter = 41
    const bearer = wallet.bearer()
    const { body, headers } = await send(server.app, {
      method: 'POST',
      url: `${prefix}/ping`,
      headers: { authorization: bearer },
      payload: { appVersion: '4.1.0', appLanguage: 'en', appCurrency: 'EUR', devicePushToken: 'new', accounts: [{}] },
    })
    expect(body).toEqual({
      pong: true,
      badge: 0,
      tosAndPrivacyPolicyVersion: 0,
      railsVersion: 0,
      auth: {
        user: { uuidv4: expect.stringMatching(uuid), slug: '', name: '' },
        device: { uuidv4: expect.stringMatching(uuid), idempotence: 42 },
        call: { uuidv4: headers['x-call-ref'], hash: bearer.split('.')[2], idempotence: 42 },
      },
      env: {
        hasPro: false,
        hasKyc: false,
        appVersion: '4.1.0',
        appLanguage: 'en',
        appCurrency: 'EUR',
        swapNetworks: '',
      },
      monetization: { monetizationStatus: 'NONE', productForPurchase: '', monetizationType: '' },
    })
    const again = await wallet.call('POST', 'update-device', { devicePushToken: 'new' })
    expect(again.body.updates.devicePushToken.changed).toBe(0)
  })

  it('needs no body', async () => {
    const wallet = await server.wallet()
    expect(await wallet.call('POST', 'ping')).toMatchObject({ status: 200, body: { env: { appVersion: '' } } })
  })

  it('names the user as add-user did', async () => {
    const { user, device } = (await send(server.app, { method: 'POST', url: `${prefix}/add-user` })).body
    const wallet = await TestWallet.activate(server.app, `${user.uuid}.${device.uuid}`)
    expect((await wallet.call('POST', 'ping')).body.auth).toMatchObject({
      user: { uuidv4: user.uuid },
      device: { uuidv4: device.uuid },
    })
  })

  it.each([[[]], ['x'], [{ appVersion: 5 }], [{ appLanguage: 'x'.repeat(65) }], [{ appCurrency: 'a\0' }]])(
    'refuses %j',
    async (body) => {
      expect(await (await server.wallet()).call('POST', 'ping', body)).toMatchObject({
        status: 400,
        body: { error: { code: 599 } },
      })
    },
  )
})

describe('third-party-permissions', () => {
  it('lists the applications that may push, and takes the permission back', async () => {
    const [wallet, { id }] = [await server.wallet(), await server.create()]
    expect((await wallet.call('GET', 'third-party-permissions')).body).toEqual([])
    await wallet.call('PATCH', `payload/${id}`, {
      signed_blob: aSignature.hex,
      tx_id: aSignature.txid,
      permission: { push: true, days: 365 },
    })
    const { token } = (await server.payloads.peek(id))!.payload.outcome!.userToken!

    expect((await wallet.call('GET', 'third-party-permissions')).body).toEqual([
      {
        app: {
          id: server.application.id,
          name: 'Shop',
          description: 'Sells things',
          icon: 'https://shop.test/icon.png',
        },
        urls: { homepage: '', terms: '', support: '', privacy: '' },
        grant: { validity: 30, issued: '2026-01-31T12:00:00Z', expires: '2026-03-02T12:00:00Z' },
      },
    ])

    const path = `third-party-permissions/${server.application.id.toUpperCase()}`
    expect(await wallet.call('DELETE', path)).toMatchObject({ status: 200, body: { commit: true } })
    expect((await wallet.call('GET', 'third-party-permissions')).body).toEqual([])
    expect(await server.applications.findUserToken(server.application.id, token)).toBeNull()
    expect((await server.create({ userToken: token })).pushedTo).toBeNull()
    expect(await wallet.call('DELETE', path)).toMatchObject({ status: 404, body: { error: { code: 404 } } })
    expect(await wallet.call('DELETE', 'third-party-permissions/x')).toMatchObject({ status: 404 })
  })
})

describe('what we have nothing to say to', () => {
  it.each([
    ['GET', `account-advisory/${account}`, { account, danger: 'UNKNOWN', force_dtag: false, confirmations: {} }],
    ['GET', `account-info/${account}`, { account, name: null, blocked: false, kycApproved: false }],
    ['GET', 'curated-ious?issuer=r&promoted=true', { issuers: [], currencies: [], details: {} }],
    ['GET', 'rates/EUR', { __meta: { currency: { code: 'EUR', symbol: 'EUR' } } }],
    ['GET', 'rails', { TESTNET: { chain_id: 1, native_asset: 'XRP' } }],
    ['GET', 'currencies/en-US', { locale: 'en-US', currencies: { popular: {} } }],
    [
      'POST',
      'get-service-fee',
      { availableFees: [{ type: 'LOW', value: '0' }], suggested: 'LOW', feeHooks: 0, feePercentage: 0 },
    ],
    ['POST', 'add-tx', { done: true }],
    ['POST', 'signed-tx-blob', { done: true }],
  ] as const)('is answered well: %s %s', async (method, path, answer) => {
    const wallet = await server.wallet()
    const { status, body } = await wallet.call(method, path, method === 'POST' ? { any: 'thing' } : undefined)
    expect(status).toBe(200)
    expect(body).toMatchObject(answer)
    expect(body.error).toBeUndefined()
  })

  it('is known to devices only', async () => {
    expect(await send(server.app, { method: 'GET', url: `${prefix}/rails` })).toMatchObject({
      status: 401,
      body: { error: { code: 832 } },
    })
  })

  it.each(['account-advisory/x', 'account-info/r%00', 'rates/%00', 'rates/EURO', 'account-advisory/'])(
    'makes no sense: %s',
    async (path) => {
      expect(await (await server.wallet()).call('GET', path)).toMatchObject({
        status: 404,
        body: { error: { code: 404 } },
      })
    },
  )
})

describe('every answer', () => {
  it('carries the uuid of its call, also in the body of an error', async () => {
    for (const path of ['add-user', 'ping', 'nowhere']) {
      const { body, headers } = await send(server.app, { method: 'POST', url: `${prefix}/${path}` })
      expect(headers['x-call-ref']).toMatch(uuid)
      if (body.error !== undefined) expect(body.error.reference).toBe(headers['x-call-ref'])
    }
  })

  it('to an unknown route is a 404 in the form of the wallet API', async () => {
    for (const [method, url] of [
      ['GET', `${prefix}/nowhere`],
      ['GET', `${prefix}/%zz`],
      ['POST', prefix],
      ['DELETE', `${prefix}/ping`],
      ['HEAD', `${prefix}/rails`],
      ['OPTIONS', `${prefix}/ping`],
    ] as const) {
      const { statusCode, payload, headers } = await server.app.inject({ method, url })
      expect([url, statusCode]).toEqual([url, 404])
      expect(headers['access-control-allow-origin']).toBeUndefined()
      if (method !== 'HEAD') {
        expect(JSON.parse(payload)).toEqual({
          error: { reference: headers['x-call-ref'], code: 404, message: expect.any(String) },
        })
      }
    }
  })

  it('comes with slashes too many as without', async () => {
    const wallet = await server.wallet()
    expect(await wallet.call('GET', '/rails//')).toMatchObject({ status: 200 })
  })
})
