import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/json.ts'
import { checkTemplate } from '../../src/ledger/check-template.ts'
import { createVerifier } from '../../src/ledger/verify.ts'
import { detailsOf } from '../../src/payload-wire/details.ts'
import type { CreateInput } from '../../src/payload/payloads.ts'
import { isRefusal } from '../../src/refusals.ts'
import { RealWallet, type Transport } from './real-wallet.ts'
import { prefix, send, startWalletServer, type WalletServer } from './wallet-server.ts'

/** Seeds of nothing but these tests. */
const seeds = ['sEdTM1uX8pu2do5XvTnutH6HsouMaM2', 'snoPBrXtMeMyMHUVTgbuqAfg1SUTb'] as const
const payment = {
  TransactionType: 'Payment',
  Destination: 'rPdvC6ccq8hCdPKSPJkPmyZ4Mi1oG2FFkT',
  DestinationTag: 495,
  Amount: '1000000',
  Memos: [{ Memo: { MemoData: '6F726465722031' } }],
}

let server: WalletServer

beforeAll(async () => {
  const verifier = createVerifier({ ledgerNodes: null, allowUnconfirmedKeys: false })
  server = await startWalletServer({ verifier })
})
afterAll(() => server.close())

const transport: Transport = ({ method, path, headers, body }) =>
  send(server.app, { method, url: `${prefix}/${path}`, headers, payload: body })

const aWallet = async (seed: string = seeds[0]): Promise<RealWallet> => {
  const wallet = new RealWallet(transport, seed)
  await wallet.setUp()
  return wallet
}

const create = (txjson: JsonObject, input: Partial<CreateInput> = {}) => {
  const template = checkTemplate({ txjson }, { forceNetwork: null, multisign: input.multisign ?? false })
  if (isRefusal(template)) throw new Error(template.message)
  return server.create({ template, submit: template.kind === 'transaction', ...input })
}

const details = async (id: string) => {
  const { payload, now } = (await server.payloads.peek(id))!
  return detailsOf(payload, server.application, now)
}

describe('the real wallet', () => {
  it.each(seeds.flatMap((seed) => [{ seed }, { seed, reportFirst: true }]))(
    'signs a Payment and reports it, in either order: %j',
    async ({ seed, ...options }) => {
      const [wallet, { id }] = [await aWallet(seed), await create(payment)]
      const view = await wallet.fetchPayload(id, 'QR')
      await wallet.accept(view, 'QR', options)
      await wallet.settled()
      expect(wallet.failedPatches).toEqual([])
      expect(await details(id)).toMatchObject({
        meta: { resolved: true, signed: true, app_opened: true, opened_by_deeplink: false },
        application: { issued_user_token: expect.any(String) },
        payload: { origintype: 'QR', signmethod: 'PIN' },
        response: {
          account: wallet.address,
          signer: wallet.address,
          dispatched_to: 'UNKNOWN NODE',
          dispatched_nodetype: 'UNKNOWN NODE',
          dispatched_result: null,
          environment_nodetype: 'TESTNET',
        },
      })
      expect((await server.payloads.peek(id))!.payload.preSignedAt).not.toBeNull()
    },
  )

  it('signs in', async () => {
    const [wallet, { id }] = [await aWallet(), await create({ TransactionType: 'SignIn' })]
    const view = await wallet.fetchPayload(id, 'DEEP_LINK')
    expect(view.payload.request_json).toEqual({ SignIn: true })
    await wallet.accept(view, 'DEEP_LINK')
    await wallet.settled()
    expect(wallet.failedPatches).toEqual([])
    expect(await details(id)).toMatchObject({
      meta: { signed: true, opened_by_deeplink: true },
      response: { account: wallet.address, dispatched_to: null },
    })
  })

  it('authorizes a claim on a payment channel, which has no transaction', async () => {
    const txjson = {
      TransactionType: 'PaymentChannelAuthorize',
      Channel: 'C1AE6DDDEEC05CF2978C0BAD6FE302948E9533691DC749DCDD3B9E5992CA6198',
      Amount: '1000000',
    }
    const [wallet, { id }] = [await aWallet(), await create(txjson)]
    await wallet.accept(await wallet.fetchPayload(id, 'QR'), 'QR')
    await wallet.settled()
    expect(wallet.failedPatches).toEqual([])
    expect((await details(id)).response).toMatchObject({ txid: null, account: wallet.address })
  })

  it('signs for another account, and submits nothing', async () => {
    const txjson = { ...payment, Account: 'rPEPPER7kfTD9w2To4CQk6UCfuHM9c6GDY', Fee: '36', Sequence: 7 }
    const [wallet, { id }] = [await aWallet(), await create(txjson, { multisign: true })]
    await wallet.accept(await wallet.fetchPayload(id, 'QR'), 'QR')
    await wallet.settled()
    expect(wallet.failedPatches).toEqual([])
    expect((await details(id)).response).toMatchObject({ multisign_account: wallet.address, dispatched_to: null })
  })

  it('shows nothing whose digest is for another device', async () => {
    const [wallet, { id }] = [await aWallet(), await create(payment)]
    Object.assign(wallet, { uniqueDeviceIdentifier: 'another' })
    await expect(wallet.fetchPayload(id, 'QR')).rejects.toMatchObject({ code: 830 })
    const misled = new RealWallet(async (request) => {
      const answer = await transport(request)
      if (answer.body.payload !== undefined) answer.body.payload.request_json.Amount = '9000000'
      return answer
    }, seeds[0])
    await misled.setUp()
    await expect(misled.fetchPayload(id, 'QR')).rejects.toThrow('Unable to verify')
  })

  it('signs late what it opened in time, and is told that the rest has expired', async () => {
    const [early, late, { id }] = [await aWallet(), await aWallet(), await create(payment)]
    const view = await early.fetchPayload(id, 'QR')
    server.clock.time += 90_000
    await expect(late.fetchPayload(id, 'QR')).rejects.toMatchObject({ code: 510 })
    await early.accept(view, 'QR')
    await early.settled()
    expect(early.failedPatches).toEqual([])
    expect((await details(id)).meta).toMatchObject({ resolved: true, signed: true, expired: true })
  })

  it('hears why it comes too late', async () => {
    const [winner, loser, { id }] = [await aWallet(), await aWallet(seeds[1]), await create(payment)]
    const views = [await winner.fetchPayload(id, 'QR'), await loser.fetchPayload(id, 'QR')]
    await winner.accept(views[0], 'QR')
    await winner.settled()
    await expect(loser.accept(views[1], 'QR')).rejects.toMatchObject({ code: 403 })
    await expect(winner.fetchPayload(id, 'QR')).rejects.toMatchObject({ code: 409 })
    loser.decline(views[1], 'QR', 'USER')
    await loser.settled()
    expect(loser.failedPatches).toMatchObject([{ code: 409 }])
  })

  it('declines for its user, and for itself with whatever error it met', async () => {
    const wallet = await aWallet()
    for (const [initiator, reason] of [['USER'], ['APP', 'Error: '.repeat(1000)]] as const) {
      const { id } = await create(payment)
      wallet.decline(await wallet.fetchPayload(id, 'QR'), 'QR', initiator, reason)
      await wallet.settled()
      expect(wallet.failedPatches).toEqual([])
      expect((await details(id)).meta).toMatchObject({ resolved: true, signed: false })
    }
  })

  it('refreshes when it is told to, and calls again', async () => {
    const wallet = await aWallet()
    await wallet.refresh()
    await wallet.fetch('POST', 'ping', {})
    wallet.bearerHash = 'outdated'
    const { id } = await create(payment)
    await expect(wallet.fetchPayload(id, 'QR')).resolves.toMatchObject({ meta: { uuid: id } })
    expect(wallet.bearerHash).not.toBe('outdated')
  })

  it('makes many calls at once, also while it refreshes', async () => {
    const wallet = await aWallet()
    await wallet.refresh()
    await wallet.fetch('POST', 'ping', {})
    const calls = Array.from({ length: 30 }, () => wallet.fetch('GET', 'pending-payloads'))
    await Promise.all([...calls, wallet.refresh(), ...calls.map(() => wallet.fetch('POST', 'ping', {}))])
    await expect(wallet.fetch('POST', 'ping', {})).resolves.toMatchObject({ pong: true })
  })

  it('finds its sign requests in the list, of what was pushed to it', async () => {
    const [wallet, { id }] = [await aWallet(), await create({ TransactionType: 'SignIn' })]
    await wallet.accept(await wallet.fetchPayload(id, 'QR'), 'QR')
    await wallet.settled()
    const pushed = await create(payment, { userToken: (await details(id)).application.issued_user_token })
    const { payloads } = await wallet.fetch('GET', 'pending-payloads')
    expect(payloads).toHaveLength(1)
    await wallet.accept(payloads[0], 'EVENT_LIST')
    await wallet.settled()
    expect(wallet.failedPatches).toEqual([])
    expect(await details(pushed.id)).toMatchObject({
      meta: { signed: true, pushed: true },
      payload: { origintype: 'EVENT_LIST' },
    })
  })

  it('keeps what ping says in a store that takes nothing but strings, whole numbers and booleans', async () => {
    const { auth, env, monetization, badge, tosAndPrivacyPolicyVersion } = await (
      await aWallet()
    ).fetch('POST', 'ping', {
      appVersion: '4.1.0',
      accounts: [],
    })
    const texts = [auth.user.name, auth.user.slug, auth.user.uuidv4, auth.device.uuidv4, env.swapNetworks]
    for (const text of [...texts, ...Object.values(monetization)]) expect(text).toBeTypeOf('string')
    expect(env.hasPro).toBeTypeOf('boolean')
    expect([badge, tosAndPrivacyPolicyVersion].every(Number.isInteger)).toBe(true)
  })
})
