import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../json.ts'
import { walletDigest } from '../ledger/wallet-digest.ts'
import { WalletApiError, WalletError } from './wallet-error.ts'
import { bearerOf, registerWallet, WalletClient, type WalletIdentity } from './wallet-client.ts'

interface Call {
  readonly method: string
  readonly path: string
  readonly headers: Record<string, string>
  readonly body: JsonObject | null
}

/** A server that answers each call with the next of these. */
const serverWith = (...answers: readonly (readonly [status: number, answer: unknown])[]) => {
  const calls: Call[] = []
  const left = [...answers]
  const answering = (async (url: string, { method, headers, body }: RequestInit) => {
    const path = url.replace('http://server.test/api/v1/app', '')
    const sent = typeof body === 'string' ? (JSON.parse(body) as JsonObject) : null
    calls.push({ method: method!, path, headers: headers as Record<string, string>, body: sent })
    const [status, answer] = left.shift()!
    return new Response(typeof answer === 'string' ? answer : JSON.stringify(answer), { status })
  }) as typeof fetch
  return { calls, fetch: answering }
}

const identity: WalletIdentity = {
  server: 'http://server.test',
  deviceId: 'e9ddf35f-a2a4-4ff4-9cd6-bf2d5b2f5f34',
  uniqueDeviceIdentifier: 'device',
  accessToken: 'token',
  counter: 6,
  refreshToken: null,
  bearerHash: null,
}
const uuid = '6c50a7d9-8a5a-4a6b-b5a1-2c3b4f2e1d00'

const viewOf = (requestJson: JsonObject, changed: JsonObject = {}): JsonObject => ({
  meta: {
    uuid,
    multisign: false,
    submit: true,
    expired: false,
    force_network: null,
    signers: null,
    custom_instruction: null,
    return_url_app: null,
  },
  application: { name: 'Shop' },
  payload: { tx_type: 'AccountSet', request_json: requestJson, hash: walletDigest(requestJson, 'device'), ...changed },
  response: { resolved_at: null },
})

describe('the bearer', () => {
  it('proves the device by a hash over token, identifier and counter', () => {
    // printf 'tokendevice6' | sha256sum
    expect(bearerOf(identity)).toBe(`Bearer token.6.${hash}`)
    expect(bearerOf({ ...identity, bearerHash: 'refreshed' })).toBe(`Bearer token.6.${hash}.refreshed`)
  })

  it('has a higher counter at every call, kept before the call goes out', async () => {
    const server = serverWith([200, { pong: true }], [200, { pong: true }])
    const saved: [counter: number, calls: number][] = []
    const save = ({ counter }: WalletIdentity) => saved.push([counter, server.calls.length])
    const client = new WalletClient(identity, { fetch: server.fetch, save: (one) => void save(one) })
    await Promise.all([client.ping(), client.ping()])
    expect(server.calls.map(({ headers }) => headers['authorization']!.split('.')[1])).toEqual(['7', '8'])
    expect(saved).toEqual([
      [7, 0],
      [8, 1],
    ])
    expect(client.identity.counter).toBe(8)
  })
})

const hash = '7ca5254128be1bf12b8740e8ca53859f28c15c52b23555ed764f74048b6ed577'

describe('registration', () => {
  it('adds a user and activates its device', async () => {
    const server = serverWith(
      [200, { user: { uuid: 'user-uuid' }, device: { uuid: 'device-uuid', expire: '' } }],
      [200, { activated: true, accessToken: 'token', locked: false }],
    )
    const made = await registerWallet('http://server.test/', { fetch: server.fetch })
    expect(made).toMatchObject({
      server: 'http://server.test',
      deviceId: 'device-uuid',
      accessToken: 'token',
      counter: 0,
    })
    expect(server.calls).toMatchObject([
      { method: 'POST', path: '/add-user' },
      {
        method: 'POST',
        path: '/activate-device',
        headers: { authorization: 'user-uuid.device-uuid' },
        body: { uniqueDeviceIdentifier: made.uniqueDeviceIdentifier },
      },
    ])
  })
})

describe('a sign request', () => {
  const accountSet = { TransactionType: 'AccountSet', SetFlag: 5 }

  it('is fetched with the digest that the wallet checks', async () => {
    const server = serverWith([200, viewOf(accountSet)])
    const view = await new WalletClient(identity, { fetch: server.fetch }).fetchPayload(uuid, 'DEEP_LINK')
    expect(view.payload.request_json).toEqual(accountSet)
    expect(server.calls).toMatchObject([
      { path: `/payload/${uuid}?from=DEEP_LINK`, headers: { 'x-xaman-digest': 'DigestSerializeWithSHA1' } },
    ])
  })

  it.each([
    ['with the digest of another', viewOf(accountSet, { hash: walletDigest({}, 'device') })],
    ['with the digest for another device', viewOf(accountSet, { hash: walletDigest(accountSet, 'other') })],
    ['of another type than it says', viewOf(accountSet, { tx_type: 'Payment' })],
    ['of a pseudo type that has a TransactionType', viewOf({ TransactionType: 'SignIn' }, { tx_type: 'SignIn' })],
    ['that is none', { pong: true }],
  ])('is not shown %s', async (_, answer) => {
    const server = serverWith([200, answer])
    await expect(new WalletClient(identity, { fetch: server.fetch }).fetchPayload(uuid)).rejects.toThrow(WalletError)
  })

  it('is answered by what the server made of it', async () => {
    const server = serverWith([
      200,
      { signed: true, return_url: { app: null, web: 'https://shop.test' }, user_token: true },
    ])
    const answer = await new WalletClient(identity, { fetch: server.fetch }).patchPayload(uuid, { reject: true })
    expect(answer).toEqual({ signed: true, returnUrl: { app: null, web: 'https://shop.test' } })
    expect(server.calls).toMatchObject([{ method: 'PATCH', path: `/payload/${uuid}`, body: { reject: true } }])
  })
})

describe('a refused call', () => {
  const refusal = (code: number) => ({ error: { reference: 'call-uuid', code, message: 'No.' } })

  it.each([
    [410, refusal(510), { code: 510, message: 'No.', reference: 'call-uuid' }],
    [200, refusal(405), { code: 405, message: 'No.', reference: 'call-uuid' }],
    [201, { pong: true }, { code: 201, message: 'The server answered with HTTP status 201.', reference: null }],
    [502, '<html>', { code: 502, message: 'The server answered with HTTP status 502.', reference: null }],
    [200, '[]', { code: 200, reference: null }],
    [404, { error: true, message: 'Endpoint unknown', reference: '', code: 404 }, { code: 404, reference: null }],
  ])('is an error with code, message and reference (%i %j)', async (status, answer, expected) => {
    const server = serverWith([status, answer])
    const failure = await new WalletClient(identity, { fetch: server.fetch }).ping().catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(WalletApiError)
    expect(failure).toMatchObject(expected)
  })

  it('is another kind of error when the server was not reached', async () => {
    const broken = (() => Promise.reject(new TypeError('fetch failed'))) as typeof fetch
    const failure = await new WalletClient(identity, { fetch: broken }).ping().catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(WalletError)
    expect(failure).not.toBeInstanceOf(WalletApiError)
    expect(failure).toMatchObject({ message: 'The server at http://server.test could not be reached.' })
  })

  it('is made again with a fresh fourth part after 890, once', async () => {
    const fresh = { refresh_token: 'refresh', bearer_hash: 'fresh' }
    const server = serverWith([401, refusal(890)], [200, fresh], [200, { pong: true }])
    const client = new WalletClient({ ...identity, bearerHash: 'old', refreshToken: 'before' }, { fetch: server.fetch })
    expect(await client.ping()).toEqual({ pong: true })
    expect(server.calls.map(({ path, headers }) => [path, headers['authorization']!.split('.')[3]])).toEqual([
      ['/ping', 'old'],
      ['/refresh-token', 'old'],
      ['/ping', 'fresh'],
    ])
    expect(server.calls[1]!.body).toEqual({ refresh_token: 'before' })
    expect(client.identity).toMatchObject({ refreshToken: 'refresh', bearerHash: 'fresh', counter: 9 })

    const stubborn = serverWith([401, refusal(890)], [200, fresh], [401, refusal(890)])
    await expect(new WalletClient(identity, { fetch: stubborn.fetch }).ping()).rejects.toMatchObject({ code: 890 })
  })
})
