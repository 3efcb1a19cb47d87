import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/json.ts'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { newKeys } from '../../src/virtual-wallet/keys.ts'
import {
  createVirtualWallet,
  type VirtualWallet,
  type VirtualWalletOptions,
} from '../../src/virtual-wallet/virtual-wallet.ts'
import type { WatchEvent } from '../../src/virtual-wallet/watch-pending.ts'
import { startScriptedNode, type ScriptedNode } from '../ledger-node.ts'

let node: ScriptedNode
let server: TestServer
let headers: Record<string, string>
const wallets: VirtualWallet[] = []

beforeAll(async () => {
  node = await startScriptedNode({ networkId: 1 })
  server = await startTestServer({ environment: { LEDGER_URL: `TESTNET=${node.url}`, PENDING_CHECK_SECONDS: '0.05' } })
  const { apiKey, apiSecret } = await server.createApplication()
  headers = { 'x-api-key': apiKey, 'x-api-secret': apiSecret, 'content-type': 'application/json' }
})
afterEach(() => {
  for (const wallet of wallets.splice(0)) wallet.close()
  node.accounts.clear()
  node.behaviour = 'answer'
})
afterAll(async () => {
  await server.close()
  await node.close()
})

const walletOf = async (options: Partial<VirtualWalletOptions> = {}): Promise<VirtualWallet> => {
  const wallet = await createVirtualWallet({ server: server.url, ...options })
  wallets.push(wallet)
  return wallet
}

const platform = async (method: string, path: string, body?: JsonObject): Promise<any> => {
  const request = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }
  return (await fetch(`${server.url}/api/v1/platform${path}`, request)).json()
}
const create = async (txjson: JsonObject, more: JsonObject = {}): Promise<string> => {
  const created = await platform('POST', '/payload', { txjson, ...more })
  expect(created).toHaveProperty('uuid')
  return created.uuid as string
}
const details = (uuid: string) => platform('GET', `/payload/${uuid}`)

const shop = 'rPdvC6ccq8hCdPKSPJkPmyZ4Mi1oG2FFkT'
const payment: JsonObject = { TransactionType: 'Payment', Destination: shop, Amount: '1000000' }
const channel = 'C1AE6DDDEEC05CF2978C0BAD6FE302948E9533691DC749DCDD3B9E5992CA6198'

describe.each(['ed25519', 'secp256k1'] as const)('a virtual wallet with %s keys', (algorithm) => {
  it('signs a payment', async () => {
    const uuid = await create(payment)
    const wallet = await walletOf({ algorithm, fee: '15', sequence: 8, dispatchedResult: 'tesSUCCESS' })
    const outcome = await wallet.sign(uuid)
    const { meta, response } = await details(uuid)
    expect(meta).toMatchObject({ resolved: true, signed: true, app_opened: true })
    expect(response).toMatchObject({
      account: wallet.keys.address,
      signer: wallet.keys.address,
      signer_pubkey: wallet.keys.publicKey,
      hex: outcome.signedBlob,
      txid: outcome.txid,
      dispatched_result: 'tesSUCCESS',
      environment_nodetype: 'TESTNET',
    })
    expect(outcome).toMatchObject({ uuid, signed: true, account: wallet.account, dispatchedResult: 'tesSUCCESS' })
  })

  it('signs in', async () => {
    const uuid = await create({ TransactionType: 'SignIn' })
    const wallet = await walletOf({ algorithm })
    const { txid } = await wallet.sign(uuid)
    expect((await details(uuid)).response).toMatchObject({ account: wallet.keys.address, txid })
  })

  it('authorizes a payment channel', async () => {
    const uuid = await create({ TransactionType: 'PaymentChannelAuthorize', Channel: channel, Amount: '2500000' })
    const wallet = await walletOf({ algorithm })
    const { signedBlob } = await wallet.sign(uuid)
    const { response } = await details(uuid)
    expect(response).toMatchObject({
      account: wallet.keys.address,
      signer: wallet.keys.address,
      hex: signedBlob,
      txid: null,
    })
  })

  it('signs among others', async () => {
    const first = await walletOf({ algorithm })
    const template = { ...payment, Account: shop, Destination: first.account, Fee: '36', Sequence: 1 }
    const uuid = await create(template, { options: { multisign: true } })
    await first.sign(uuid)
    const { response } = await details(uuid)
    expect(response).toMatchObject({ account: shop, multisign_account: first.account, signer: first.keys.address })

    const second = await walletOf({ algorithm })
    const continued = await platform('POST', '/payload', { txblob: response.hex, options: { multisign: true } })
    await second.sign(continued.uuid)
    expect((await details(continued.uuid)).response).toMatchObject({ multisign_account: second.account })
  })
})

describe('a virtual wallet', () => {
  it('lets the user enter an amount', async () => {
    const uuid = await create({ TransactionType: 'Payment', Destination: shop })
    await (await walletOf()).sign(uuid, { Amount: '777' })
    expect((await details(uuid)).meta).toMatchObject({ signed: true })
  })

  it('signs on the network that is asked for, by the definitions of its ledger', async () => {
    const remit = { TransactionType: 'Remit', Destination: shop, Amounts: [{ AmountEntry: { Amount: '100' } }] }
    for (const [txjson, force_network, nodetype] of [
      [remit, 'XAHAU', 'XAHAU'],
      [remit, null, 'XAHAUTESTNET'],
      [payment, 'XAHAUTESTNET', 'XAHAUTESTNET'],
    ] as const) {
      const uuid = await create(txjson, { options: { force_network } })
      await (await walletOf()).sign(uuid)
      expect((await details(uuid)).response).toMatchObject({ environment_nodetype: nodetype })
    }
  })

  it('rejects, with a reason', async () => {
    const uuid = await create(payment)
    await (await walletOf()).reject(uuid, 'too much')
    expect((await details(uuid)).meta).toMatchObject({ resolved: true, signed: false })
  })

  it('is refused with code and reference, like any wallet', async () => {
    const uuid = await create(payment)
    const [first, second] = [await walletOf(), await walletOf()]
    await first.sign(uuid)
    await expect(second.sign(uuid)).rejects.toMatchObject({ code: 403, reference: expect.any(String) })
    await expect(first.sign(uuid)).rejects.toMatchObject({ code: 409 })
    await expect(first.sign('6c50a7d9-8a5a-4a6b-b5a1-2c3b4f2e1d00')).rejects.toMatchObject({ code: 404 })
  })

  it('leaves alone what is for another account', async () => {
    const uuid = await create(payment, { options: { signers: [shop] } })
    await expect((await walletOf()).sign(uuid)).rejects.toThrow(/is not for/)
  })

  it('comes back with its state, and goes on with a refreshed bearer', async () => {
    const before = await walletOf()
    await before.client.refresh()
    await before.client.ping()
    const after = await walletOf({ seed: before.keys.seed, state: before.state })
    const uuid = await create(payment)
    expect(await after.sign(uuid)).toMatchObject({ signed: true, account: before.account })
  })

  it('answers what is pushed to it', async () => {
    const wallet = await walletOf()
    const signIn = await create({ TransactionType: 'SignIn' })
    await wallet.sign(signIn)
    const user_token = (await details(signIn)).application.issued_user_token as string
    const pushed = await Promise.all([1, 2].map((n) => create({ ...payment, DestinationTag: n }, { user_token })))

    const events: WatchEvent[] = []
    const ended = new AbortController()
    const onEvent = (event: WatchEvent) => {
      events.push(event)
      if (events.length === pushed.length) ended.abort()
    }
    await wallet.watch({ auto: 'sign', every: 10, signal: ended.signal, onEvent })
    expect(events.map((event) => event.event)).toEqual(['signed', 'signed'])
    for (const uuid of pushed) expect((await details(uuid)).payload).toMatchObject({ origintype: 'EVENT_LIST' })
  })
})

describe('with a ledger node', () => {
  const regular = newKeys('ed25519', Buffer.alloc(16, 1))

  it('fills in what the node says, submits, and reports the answer', async () => {
    const wallet = await walletOf({ ledger: node.url })
    node.accounts.set(wallet.account, { sequence: 321 })
    const uuid = await create(payment, { options: { force_network: 'TESTNET' } })
    expect(await wallet.sign(uuid)).toMatchObject({ signed: true, dispatchedResult: 'tesSUCCESS' })
    const { txid, ...response } = (await details(uuid)).response
    expect(response).toMatchObject({ dispatched_to: node.url, dispatched_result: 'tesSUCCESS' })
    expect(node.transactions.get(txid as string)).toMatchObject({
      Fee: '10',
      Sequence: 321,
      LastLedgerSequence: 90_000_020,
    })
  })

  it('does not sign for another network than that of its node', async () => {
    const wallet = await walletOf({ ledger: node.url })
    const uuid = await create(payment, { options: { force_network: 'MAINNET' } })
    await expect(wallet.sign(uuid)).rejects.toThrow(/another network/)
  })

  it('a regular key speaks for its account, once the server heard it from the node', async () => {
    node.accounts.set(shop, { regularKey: regular.address })
    const wallet = await walletOf({ seed: regular.seed, account: shop })
    const uuid = await create(payment)
    await wallet.sign(uuid)
    expect((await details(uuid)).response).toMatchObject({ account: shop, signer: regular.address })
  })

  it('a stranger’s key does not', async () => {
    node.accounts.set(shop, {})
    const uuid = await create(payment)
    await expect((await walletOf({ account: shop })).sign(uuid)).rejects.toMatchObject({ code: 405 })
    expect((await details(uuid)).meta).toMatchObject({ resolved: false, app_opened: true })
  })

  it('a signature waits while the node does not answer', async () => {
    node.accounts.set(shop, { regularKey: regular.address })
    node.behaviour = 'busy'
    const wallet = await walletOf({ seed: regular.seed, account: shop })
    const uuid = await create(payment)
    expect(await wallet.sign(uuid)).toMatchObject({ signed: false })
    expect((await details(uuid)).meta).toMatchObject({ resolved: false })
  })
})
