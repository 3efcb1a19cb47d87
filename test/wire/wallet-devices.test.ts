import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { prefix, send, startWalletServer, TestWallet, type Answer, type WalletServer } from './wallet-server.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const hour = 60 * 60 * 1000
const registration = { uniqueDeviceIdentifier: 'phone', devicePlatform: 'ios', devicePushToken: 'push' }

let server: WalletServer

beforeAll(async () => {
  server = await startWalletServer({ maxDevices: 3 })
})
afterAll(() => server.close())

const refusal = (status: number, code: number) => ({
  status,
  body: { error: { reference: expect.stringMatching(uuid), code, message: expect.any(String) } },
})

const post = (path: string, payload?: object, authorization?: string): Promise<Answer> =>
  send(server.app, {
    method: 'POST',
    url: `${prefix}/${path}`,
    headers: { 'content-type': 'application/json', ...(authorization === undefined ? {} : { authorization }) },
    ...(payload === undefined ? {} : { payload }),
  })
const addUser = async (): Promise<{ user: { uuid: string }; device: { uuid: string; expire: string } }> =>
  (await post('add-user')).body

describe('add-user', () => {
  it('gives a user and a device with an hour to be activated', async () => {
    const { status, body } = await post('add-user')
    expect(status).toBe(200)
    expect(body).toEqual({
      user: { uuid: expect.stringMatching(uuid) },
      device: { uuid: expect.stringMatching(uuid), expire: '2026-01-31T13:00:00Z' },
    })
    expect(body.user.uuid).not.toBe(body.device.uuid)
  })
})

describe('activate-device', () => {
  it.each(['', 'Bearer '])('activates the device, its credentials after %j', async (scheme) => {
    const { user, device } = await addUser()
    expect(await post('activate-device', registration, `${scheme}${user.uuid}.${device.uuid}`)).toMatchObject({
      status: 200,
      body: { activated: true, accessToken: expect.stringMatching(/^[^.\s]{32,}$/), locked: false },
    })
  })

  it('does so once', async () => {
    const { user, device } = await addUser()
    const authorization = `${user.uuid}.${device.uuid}`
    await post('activate-device', registration, authorization)
    expect(await post('activate-device', registration, authorization)).toMatchObject(refusal(400, 900))
  })

  it('does so for one of many at once', async () => {
    const { user, device } = await addUser()
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => post('activate-device', registration, `${user.uuid}.${device.uuid}`)),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400, 400])
  })

  it('is too late after an hour', async () => {
    const { user, device } = await addUser()
    server.clock.time += hour
    expect(await post('activate-device', registration, `${user.uuid}.${device.uuid}`)).toMatchObject(refusal(400, 900))
  })

  it("needs the device's own user", async () => {
    const [one, other] = [await addUser(), await addUser()]
    expect(await post('activate-device', registration, `${other.user.uuid}.${one.device.uuid}`)).toMatchObject(
      refusal(400, 900),
    )
    expect(await post('activate-device', registration, `${randomUUID()}.${randomUUID()}`)).toMatchObject(
      refusal(400, 900),
    )
  })

  it.each([
    ['no body', undefined],
    ['no identifier', {}],
    ['an empty identifier', { uniqueDeviceIdentifier: '' }],
    ['an identifier that is no text', { uniqueDeviceIdentifier: 5 }],
    ['too long an identifier', { uniqueDeviceIdentifier: 'x'.repeat(129) }],
    ['too long a push token', { ...registration, devicePushToken: 'x'.repeat(4097) }],
    ['too long a platform', { ...registration, devicePlatform: 'x'.repeat(33) }],
    ['U+0000', { ...registration, devicePlatform: 'a\0b' }],
    ['a lone surrogate', { ...registration, devicePushToken: '\ud800' }],
  ])('refuses %s', async (_, body) => {
    const { user, device } = await addUser()
    expect(await post('activate-device', body, `${user.uuid}.${device.uuid}`)).toMatchObject(refusal(400, 900))
  })

  it('takes a device that has no push token', async () => {
    const { user, device } = await addUser()
    const body = { uniqueDeviceIdentifier: 'phone', devicePlatform: 'android', devicePushToken: null }
    expect(await post('activate-device', body, `${user.uuid}.${device.uuid}`)).toMatchObject({ status: 200 })
  })
})

describe('a bearer', () => {
  const ping = (authorization?: string) => post('ping', {}, authorization)

  it('is refused with 832 when it is missing or malformed', async () => {
    const wallet = await server.wallet()
    expect(await ping()).toMatchObject(refusal(401, 832))
    expect(await ping('Bearer nonsense')).toMatchObject(refusal(401, 832))
    expect(await ping(`Bearer ${wallet.accessToken}.0.${'0'.repeat(64)}`)).toMatchObject(refusal(401, 832))
  })

  it('is refused with 831 when nobody knows its token', async () => {
    expect(await ping(`Bearer unknown.1.${'0'.repeat(64)}`)).toMatchObject(refusal(401, 831))
  })

  it('is refused with 830 when its hash is wrong, and its counter stays unused', async () => {
    const wallet = await server.wallet()
    expect(await ping(`Bearer ${wallet.accessToken}.1.${'0'.repeat(64)}`)).toMatchObject(refusal(401, 830))
    expect(await ping(wallet.bearer(1))).toMatchObject({ status: 200 })
  })

  it('is good once', async () => {
    const wallet = await server.wallet()
    const bearer = wallet.bearer()
    expect(await ping(bearer)).toMatchObject({ status: 200 })
    expect(await ping(bearer)).toMatchObject(refusal(401, 830))
  })

  it('is good for one of two calls at once', async () => {
    const wallet = await server.wallet()
    const bearer = wallet.bearer()
    const statuses = (await Promise.all([ping(bearer), ping(bearer)])).map(({ status }) => status)
    expect(statuses.sort()).toEqual([200, 401])
  })

  it('may be late by less than 64, once', async () => {
    const wallet = await server.wallet()
    expect(await ping(wallet.bearer(100))).toMatchObject({ status: 200 })
    expect(await ping(wallet.bearer(37))).toMatchObject({ status: 200 })
    expect(await ping(wallet.bearer(37))).toMatchObject(refusal(401, 830))
    expect(await ping(wallet.bearer(36))).toMatchObject(refusal(401, 830))
  })

  it('is checked before the body is looked at', async () => {
    expect(await send(server.app, { method: 'PATCH', url: `${prefix}/payload/x`, payload: '{' })).toMatchObject(
      refusal(401, 832),
    )
  })
})

describe('refresh-token', () => {
  const refresh = async (wallet: TestWallet) => {
    const { status, body } = await wallet.call('POST', 'refresh-token', {})
    expect({ status, body }).toEqual({
      status: 200,
      body: { refresh_token: expect.any(String), bearer_hash: expect.stringMatching(/^[^.\s]+$/) },
    })
    return body.bearer_hash as string
  }
  const pingWith = async (wallet: TestWallet, bearerHash: string | null) => {
    wallet.bearerHash = bearerHash
    return wallet.call('POST', 'ping', {})
  }

  it('gives a hash that every call must carry once it was used', async () => {
    const wallet = await server.wallet()
    const first = await refresh(wallet)
    expect(await pingWith(wallet, null)).toMatchObject({ status: 200 })
    expect(await pingWith(wallet, first)).toMatchObject({ status: 200 })
    expect(await pingWith(wallet, null)).toMatchObject(refusal(401, 890))
    expect(await pingWith(wallet, 'wrong')).toMatchObject(refusal(401, 890))
    expect(await pingWith(wallet, first)).toMatchObject({ status: 200 })
  })

  it('leaves the hash before good until the new one is used', async () => {
    const wallet = await server.wallet()
    const first = await refresh(wallet)
    await pingWith(wallet, first)
    const second = await refresh(wallet)
    expect(await pingWith(wallet, first)).toMatchObject({ status: 200 })
    expect(await pingWith(wallet, second)).toMatchObject({ status: 200 })
    expect(await pingWith(wallet, first)).toMatchObject(refusal(401, 890))
  })

  it('takes any hash, or none', async () => {
    const wallet = await server.wallet()
    await pingWith(wallet, await refresh(wallet))
    for (const hash of ['wrong', null]) {
      wallet.bearerHash = hash
      expect(await pingWith(wallet, await refresh(wallet))).toMatchObject({ status: 200 })
    }
  })

  it('spends the counter of what it refuses, so that nobody repeats it', async () => {
    const wallet = await server.wallet()
    await pingWith(wallet, await refresh(wallet))
    wallet.bearerHash = 'wrong'
    const bearer = wallet.bearer()
    expect(await post('ping', {}, bearer)).toMatchObject(refusal(401, 890))
    expect(await post('ping', {}, bearer)).toMatchObject(refusal(401, 830))
  })

  it('needs the bearer of an active device all the same', async () => {
    const wallet = await server.wallet()
    const bearer = wallet.bearer()
    expect(await post('refresh-token', {}, bearer)).toMatchObject({ status: 200 })
    expect(await post('refresh-token', {}, bearer)).toMatchObject(refusal(401, 830))
    expect(await post('refresh-token', {}, undefined)).toMatchObject(refusal(401, 832))
  })
})

describe('a second device', () => {
  const invite = async (wallet: TestWallet) => {
    const { status, body } = await wallet.call('POST', 'add-device', registration)
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        device: { uuid: expect.stringMatching(uuid), expire: expect.any(String) },
        qr: { text: expect.any(String) },
      },
    })
    return body as { device: { uuid: string }; qr: { text: string } }
  }

  it('is locked until the first allows it', async () => {
    const first = await server.wallet()
    const { device, qr } = await invite(first)
    expect(await post('activate-device', { ...registration, uniqueDeviceIdentifier: 'new' }, qr.text)).toMatchObject({
      body: { activated: true, locked: true },
    })
    const pending = await first.call('GET', 'pending-devices')
    expect(pending).toMatchObject({
      status: 200,
      body: { devices: [{ uuidv4: device.uuid, created: expect.stringMatching(/^\d{4}-.*:\d\dZ$/) }] },
    })
  })

  it('calls in vain while it is locked, and like any other afterwards', async () => {
    const first = await server.wallet()
    const { device, qr } = await invite(first)
    const second = await TestWallet.activate(server.app, qr.text)
    expect(await second.call('POST', 'ping', {})).toMatchObject(refusal(401, 831))
    expect(await second.call('PATCH', 'pending-devices', { uuidv4: device.uuid })).toMatchObject(refusal(401, 831))
    expect(await first.call('PATCH', 'pending-devices', { uuidv4: device.uuid })).toMatchObject({
      status: 200,
      body: { activated: true },
    })
    const [mine, its] = [await first.call('POST', 'ping', {}), await second.call('POST', 'ping', {})]
    expect(its.body.auth.user).toEqual(mine.body.auth.user)
    expect((await first.call('GET', 'pending-devices')).body).toEqual({ devices: [] })
  })

  it('is forgotten when the first says so', async () => {
    const first = await server.wallet()
    const { device, qr } = await invite(first)
    const second = await TestWallet.activate(server.app, qr.text)
    expect(await first.call('DELETE', 'pending-devices', { uuidv4: device.uuid.toUpperCase() })).toMatchObject({
      status: 200,
      body: { deleted: true },
    })
    expect(await second.call('POST', 'ping', {})).toMatchObject(refusal(401, 831))
    expect(await first.call('PATCH', 'pending-devices', { uuidv4: device.uuid })).toMatchObject(refusal(404, 404))
  })

  it('is allowed by nobody before it is activated, and may be forgotten', async () => {
    const first = await server.wallet()
    const { device, qr } = await invite(first)
    expect(await first.call('PATCH', 'pending-devices', { uuidv4: device.uuid })).toMatchObject(refusal(404, 404))
    expect(await first.call('DELETE', 'pending-devices', { uuidv4: device.uuid })).toMatchObject({ status: 200 })
    expect(await post('activate-device', registration, qr.text)).toMatchObject(refusal(400, 900))
  })

  it('is no business of another user', async () => {
    const [first, stranger] = [await server.wallet(), await server.wallet()]
    const { device, qr } = await invite(first)
    await post('activate-device', registration, qr.text)
    for (const method of ['PATCH', 'DELETE'] as const) {
      expect(await stranger.call(method, 'pending-devices', { uuidv4: device.uuid })).toMatchObject(refusal(404, 404))
    }
    expect((await stranger.call('GET', 'pending-devices')).body).toEqual({ devices: [] })
  })

  it('is refused once the user has as many as there may be', async () => {
    const first = await server.wallet()
    await invite(first)
    await invite(first)
    expect(await first.call('POST', 'add-device', registration)).toMatchObject(refusal(400, 900))
    server.clock.time += hour
    await invite(first)
  })

  it.each([
    ['no uuid', {}, 400],
    ['a uuid that is no text', { uuidv4: 1 }, 400],
    ['what is no uuid', { uuidv4: 'x' }, 404],
    ['an array', [], 400],
  ])('is not found by %s', async (_, body, status) => {
    const first = await server.wallet()
    for (const method of ['PATCH', 'DELETE'] as const) {
      expect(await first.call(method, 'pending-devices', body)).toMatchObject({ status, body: { error: {} } })
    }
  })
})

describe('update-device', () => {
  it('tells whether the push token changed', async () => {
    const wallet = await server.wallet()
    const updates = async (devicePushToken: string) =>
      (await wallet.call('POST', 'update-device', { devicePushToken })).body
    expect(await updates('one')).toEqual({ updates: { devicePushToken: { affected: 1, changed: 1 } } })
    expect(await updates('one')).toEqual({ updates: { devicePushToken: { affected: 1, changed: 0 } } })
  })

  it('refuses what is no push token', async () => {
    const wallet = await server.wallet()
    for (const body of [{}, { devicePushToken: 7 }, { devicePushToken: 'x'.repeat(4097) }]) {
      expect(await wallet.call('POST', 'update-device', body)).toMatchObject({ status: 400, body: { error: {} } })
    }
  })
})

describe('users without an active device', () => {
  it('are forgotten after an hour', async () => {
    const wallet = await server.wallet()
    const { user, device } = await addUser()
    server.clock.time += hour
    await server.devices.sweep()
    server.clock.time -= hour
    expect(await post('activate-device', registration, `${user.uuid}.${device.uuid}`)).toMatchObject(refusal(400, 900))
    expect(await wallet.call('POST', 'ping', {})).toMatchObject({ status: 200 })
  })
})
