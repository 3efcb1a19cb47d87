import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aSignature } from '../payload-fixture.ts'
import { startWalletServer, type TestWallet, type WalletServer } from './wallet-server.ts'

let server: WalletServer

beforeAll(async () => {
  server = await startWalletServer()
})
afterAll(() => server.close())

const refusal = (status: number, code: number) => ({
  status,
  body: { error: { reference: expect.any(String), code, message: expect.any(String) } },
})

const signature = {
  signed_blob: aSignature.hex,
  tx_id: aSignature.txid,
  signmethod: 'PIN',
  signpubkey: 'EF',
  multisigned: '',
  permission: { push: true, days: 365 },
  origintype: 'QR',
  environment: { nodeuri: 'wss://node.test', nodetype: 'TESTNET' },
}
const report = (result: string) => ({
  dispatched: { to: 'UNKNOWN NODE', nodetype: 'UNKNOWN NODE', result },
  permission: { push: true, days: 365 },
  origintype: 'QR',
})
const dispatchedOf = async (id: string) =>
  (await server.payloads.peek(id))!.payload.dispatchReports.map(({ result }) => result)
const open = (wallet: TestWallet, id: string, from = 'QR') => wallet.call('GET', `payload/${id}?from=${from}`)

describe('GET payload', () => {
  it('opens it, and says that signing begins when asked again', async () => {
    const [wallet, { id }] = [await server.wallet(), await server.create()]
    const { status, body } = await open(wallet, id.toUpperCase(), 'DEEP_LINK')
    expect(status).toBe(200)
    expect(body).toMatchObject({
      meta: { uuid: id, app_opened: true, opened_by_deeplink: true, resolved: false, expired: false },
      application: { name: 'Shop', uuidv4: server.application.id },
      payload: { tx_type: 'Payment', request_json: { TransactionType: 'Payment' }, hash: expect.any(String) },
      response: { resolved_at: null },
    })
    expect(Object.keys(body).sort()).toEqual(['application', 'meta', 'payload', 'response'])
    expect((await server.payloads.peek(id))!.payload.preSignedAt).toBeNull()
    await open(wallet, id)
    expect((await server.payloads.peek(id))!.payload.preSignedAt).not.toBeNull()
  })

  it('counts as both when it comes from the event list', async () => {
    const [wallet, { id }] = [await server.wallet(), await server.create()]
    await open(wallet, id, 'EVENT_LIST')
    expect((await server.payloads.peek(id))!.payload.preSignedAt).not.toBeNull()
  })

  it('takes any origin, or several, for unknown', async () => {
    const [wallet, { id }] = [await server.wallet(), await server.create()]
    expect(await wallet.call('GET', `payload/${id}?from=QR&from=XAPP`)).toMatchObject({ status: 200 })
    expect((await server.payloads.peek(id))!.payload.opens).toMatchObject([{ origin: 'UNKNOWN' }])
  })

  it.each(['x', 'x%00y', randomUUID(), '%F0%9F%93%B1'])('does not know %s', async (id) => {
    expect(await open(await server.wallet(), id)).toMatchObject(refusal(404, 404))
  })

  it('refuses what is resolved, expired or cancelled', async () => {
    const [wallet, other] = [await server.wallet(), await server.wallet()]
    const resolved = await server.create()
    await wallet.call('PATCH', `payload/${resolved.id}`, { reject: true })
    expect(await open(wallet, resolved.id)).toMatchObject(refusal(409, 409))
    expect(await open(other, resolved.id)).toMatchObject(refusal(403, 403))

    const cancelled = await server.create()
    await server.payloads.cancel(server.application, cancelled.id)
    expect(await open(wallet, cancelled.id)).toMatchObject(refusal(410, 510))

    const [early, late] = [await server.create(), await server.create()]
    await open(wallet, early.id)
    server.clock.time += 60_000
    expect(await open(wallet, late.id)).toMatchObject(refusal(410, 510))
    expect(await open(other, early.id)).toMatchObject(refusal(410, 510))
    expect(await open(wallet, early.id)).toMatchObject({ status: 200, body: { meta: { expired: false } } })
  })

  it('has no return URL for the app while the sign page is open', async () => {
    const returnUrl = { app: 'https://shop.test/', web: 'https://shop.test/' }
    const [wallet, { id }] = [await server.wallet(), await server.create({ returnUrl })]
    server.pages.add(id)
    expect((await open(wallet, id)).body.meta).toMatchObject({
      return_url_app: null,
      return_url_web: 'https://shop.test/',
    })
    server.pages.delete(id)
    expect((await open(wallet, id)).body.meta.return_url_app).toBe('https://shop.test/')
  })
})

describe('PATCH payload', () => {
  it('signs, and answers the resolve message without what is for the application', async () => {
    const returnUrl = { app: null, web: 'https://shop.test/?tx={txid}' }
    const [wallet, { id }] = [await server.wallet(), await server.create({ returnUrl })]
    await open(wallet, id, 'DEEP_LINK')
    const { status, body, headers } = await wallet.call('PATCH', `payload/${id}`, signature)
    expect(status).toBe(200)
    expect(body).toEqual({
      payload_uuidv4: id,
      reference_call_uuidv4: headers['x-call-ref'],
      signed: true,
      user_token: true,
      opened_by_deeplink: true,
      return_url: { app: null, web: 'https://shop.test/?tx=CD' },
    })
  })

  it('rejects', async () => {
    const [wallet, { id }] = [await server.wallet(), await server.create()]
    const rejection = { reject: true, reject_initiator: 'USER', reject_reason: null, origintype: 'QR' }
    expect(await wallet.call('PATCH', `payload/${id}`, rejection)).toMatchObject({
      status: 200,
      body: { signed: false, user_token: false },
    })
    expect((await server.payloads.peek(id))!.payload.outcome).toMatchObject({ kind: 'rejected', initiator: 'USER' })
  })

  it('takes the word that signing began', async () => {
    const [wallet, { id }] = [await server.wallet(), await server.create()]
    const { status, body, headers } = await wallet.call('PATCH', `payload/${id}`, { pre_signed: true })
    expect(status).toBe(200)
    expect(body).toMatchObject({ signed: false, reference_call_uuidv4: headers['x-call-ref'] })
    expect((await server.payloads.peek(id))!.payload.preSignedAt).not.toBeNull()
  })

  it('takes signature and report in either order, without waiting', async () => {
    const both = [signature, report('tesSUCCESS')]
    for (const bodies of [both, both.toReversed()]) {
      const [wallet, { id }] = [await server.wallet(), await server.create()]
      await open(wallet, id)
      const answers = await Promise.all(bodies.map((body) => wallet.call('PATCH', `payload/${id}`, body)))
      expect(answers.map(({ status }) => status)).toEqual([200, 200])
      expect((await server.payloads.peek(id))!.payload.outcome).toMatchObject({ kind: 'signed' })
      expect(await dispatchedOf(id)).toEqual(['tesSUCCESS'])
    }
  })

  it('takes a report along with the signature, and counts the first', async () => {
    const [wallet, { id }] = [await server.wallet(), await server.create()]
    await wallet.call('PATCH', `payload/${id}`, { ...signature, ...report('terQUEUED') })
    expect(await wallet.call('PATCH', `payload/${id}`, report('tesSUCCESS'))).toMatchObject({
      status: 200,
      body: { signed: true },
    })
    expect(await dispatchedOf(id)).toEqual(['terQUEUED'])
  })

  it('takes no report from a stranger', async () => {
    const [wallet, stranger, { id }] = [await server.wallet(), await server.wallet(), await server.create()]
    await open(wallet, id)
    expect(await stranger.call('PATCH', `payload/${id}`, report('tesSUCCESS'))).toMatchObject(refusal(403, 403))
  })

  it('is refused once it is resolved', async () => {
    const [wallet, other, { id }] = [await server.wallet(), await server.wallet(), await server.create()]
    await open(other, id)
    await wallet.call('PATCH', `payload/${id}`, signature)
    expect(await wallet.call('PATCH', `payload/${id}`, signature)).toMatchObject(refusal(409, 409))
    expect(await other.call('PATCH', `payload/${id}`, { reject: true })).toMatchObject(refusal(409, 409))
  })

  it('lets one of twenty wallets win', async () => {
    const { id } = await server.create()
    const wallets = await Promise.all(Array.from({ length: 20 }, () => server.wallet()))
    await Promise.all(wallets.map((wallet) => open(wallet, id)))
    const answers = await Promise.all(wallets.map((wallet) => wallet.call('PATCH', `payload/${id}`, signature)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ body }) => body.error?.code === 409)).toHaveLength(19)
  })

  it('passes on why a signature does not hold', async () => {
    const [wallet, { id }] = [await server.wallet(), await server.create()]
    const wrong = { ...signature, signed_blob: 'FF' }
    expect(await wallet.call('PATCH', `payload/${id}`, wrong)).toMatchObject(refusal(400, 801))
  })

  it.each([
    ['nothing', undefined],
    ['an empty object', {}],
    ['an array', []],
    ['an array of bodies', [{ reject: true }]],
    ['null', null],
    ['a text', 'reject'],
    ['a rejection of another type', { reject: 'yes' }],
    ['both ways', { ...signature, reject: true }],
    ['a blob that is no text', { ...signature, signed_blob: { hex: 'AB' } }],
    ['U+0000', { ...signature, origintype: 'Q\0R' }],
    ['U+0000 in what nobody reads', { ...signature, other: { deep: ['\0'] } }],
    ['a key with U+0000', { ...signature, 'a\0': 1 }],
    ['a lone surrogate', { reject: true, reject_reason: '\udc00' }],
    ['too long a node', { dispatched: { to: 'x'.repeat(201) } }],
  ])('is no resolution when it has %s', async (_, body) => {
    const [wallet, { id }] = [await server.wallet(), await server.create()]
    expect(await wallet.call('PATCH', `payload/${id}`, body)).toMatchObject(refusal(400, 800))
    expect((await server.payloads.peek(id))!.payload.outcome).toBeNull()
  })

  it('names what is missing or malformed beside the blob', async () => {
    const [wallet, { id }] = [await server.wallet(), await server.create()]
    expect(await wallet.call('PATCH', `payload/${id}`, { ...signature, tx_id: 5 })).toMatchObject(refusal(400, 802))
    expect(await wallet.call('PATCH', `payload/${id}`, { ...signature, multisigned: 5 })).toMatchObject(
      refusal(400, 804),
    )
  })

  it('is refused with 413 when it is too large', async () => {
    const [wallet, { id }] = [await server.wallet(), await server.create()]
    const large = { ...signature, signed_blob: 'A'.repeat(256 * 1024) }
    expect(await wallet.call('PATCH', `payload/${id}`, large)).toMatchObject(refusal(413, 413))
  })

  it('does not know a payload that is not there', async () => {
    const wallet = await server.wallet()
    for (const id of ['x', randomUUID()]) {
      expect(await wallet.call('PATCH', `payload/${id}`, signature)).toMatchObject(refusal(404, 404))
    }
  })
})

describe('pending-payloads', () => {
  it('lists what was pushed to the user and opens nothing', async () => {
    const [wallet, stranger, first] = [await server.wallet(), await server.wallet(), await server.create()]
    expect((await wallet.call('GET', 'pending-payloads')).body).toEqual({ payloads: [] })
    await wallet.call('PATCH', `payload/${first.id}`, signature)
    const userToken = (await server.payloads.peek(first.id))!.payload.outcome!.userToken!.token

    const pushed = await server.create({ userToken })
    const { body } = await wallet.call('GET', 'pending-payloads')
    expect(body.payloads).toMatchObject([
      { meta: { uuid: pushed.id, pushed: true, app_opened: false }, payload: { hash: expect.any(String) } },
    ])
    expect((await server.payloads.peek(pushed.id))!.payload.opens).toEqual([])
    expect((await wallet.call('POST', 'ping', {})).body.badge).toBe(1)
    expect((await stranger.call('GET', 'pending-payloads')).body).toEqual({ payloads: [] })
  })
})
