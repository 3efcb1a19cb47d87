import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { JsonObject } from '../../src/json.ts'
import type { NodeAnswer } from '../../src/ledger/ledger-node.ts'
import type { FlowDependencies } from '../../src/payload/flow-dependencies.ts'
import { askForFollowedTransactions } from '../../src/payload/followed-transactions.ts'
import { createPayloads } from '../../src/payload/payload-flows.ts'
import { startTestServer, type TestApplication, type TestServer } from '../../src/testing.ts'
import { newKeys } from '../../src/virtual-wallet/keys.ts'
import { createVirtualWallet, type VirtualWallet } from '../../src/virtual-wallet/virtual-wallet.ts'
import { ApplicationClient, payment } from '../application-client.ts'
import { openStored } from '../contract/stored.ts'
import { databases } from '../databases.ts'
import { idleWebhooks } from '../idle-webhooks.ts'
import { startScriptedNode, type ScriptedNode } from '../ledger-node.ts'
import { movableClock } from '../movable-clock.ts'
import { aPayload, anActor, aSignature } from '../payload-fixture.ts'
import type { TemporaryDatabase } from '../postgres.ts'
import { signedPatch } from '../signed-patch.ts'
import { StatusSubscriber } from '../status-subscriber.ts'
import { aSubmission } from '../wire/developer-server.ts'

const claim = { to: 'wss://wallets.choice', nodetype: 'TESTNET', result: 'tesSUCCESS' }
const claimed = { dispatched_to: claim.to, dispatched_nodetype: 'TESTNET', dispatched_result: 'tesSUCCESS' }

const validated = (hash: string, result: string): JsonObject => ({
  hash,
  validated: true,
  meta: { TransactionResult: result },
})

describe.each(databases)('a transaction that the wallet submits, on $name', ({ create }) => {
  let database: TemporaryDatabase
  let node: ScriptedNode
  let server: TestServer
  let credentials: TestApplication
  let wallet: VirtualWallet

  const start = () =>
    startTestServer({
      environment: {
        DATABASE_URL: database.url,
        COUNTERSIGN_SECRET_KEY: '0'.repeat(64),
        LEDGER_URL: `TESTNET=${node.url.replace('//', '//user:secret@')}/?key=secret`,
        LEDGER_TIMEOUT_SECONDS: '0.5',
        FOLLOW_SECONDS: '0.05',
      },
    })
  const application = () => new ApplicationClient(server.url, credentials)
  const response = async (uuid: string): Promise<JsonObject> => (await application().details(uuid)).response
  const requestOf = (options: JsonObject = {}) =>
    application().create({ txjson: payment, options: { submit: true, ...options } })
  /** Signs, and says that all is well. */
  const signAndClaim = async (uuid: string): Promise<string> => {
    const patch = signedPatch(newKeys(), payment)
    expect(await wallet.client.patchPayload(uuid, { ...patch, dispatched: claim })).toMatchObject({ signed: true })
    return patch.tx_id!
  }
  const wasAskedFor = (txid: string) =>
    vi.waitFor(() => expect(node.requests.some(({ transaction }) => transaction === txid)).toBe(true))
  const isCorrected = (uuid: string, result: string) =>
    vi.waitFor(
      async () =>
        expect(await response(uuid)).toMatchObject({
          dispatched_to: node.url,
          dispatched_nodetype: 'TESTNET',
          dispatched_result: result,
          dispatched_to_node: true,
        }),
      { timeout: 10_000 },
    )

  beforeAll(async () => {
    database = await create()
    node = await startScriptedNode()
    server = await start()
    credentials = await server.createApplication()
    wallet = await createVirtualWallet({ server: server.url })
  })
  beforeEach(() => node.deafTo.clear())
  afterAll(async () => {
    await server.close()
    await node.close()
    await database.drop()
  })

  it('has the result that a node says, whatever the wallet said, and subscribers hear nothing of it', async () => {
    const uuid = await requestOf()
    const subscriber = await StatusSubscriber.connect(server.url, uuid)
    const txid = await signAndClaim(uuid)
    await wasAskedFor(txid)
    expect(await response(uuid)).toMatchObject(claimed)
    node.transactions.set(txid, { ...validated(txid, 'tecPATH_DRY'), validated: false })
    expect(await response(uuid)).toMatchObject(claimed)

    const told = (await subscriber.everything()).filter((message) => !('devapp_fetched' in message))
    node.transactions.set(txid, validated(txid, 'tecPATH_DRY'))
    await isCorrected(uuid, 'tecPATH_DRY')
    expect((await subscriber.everything()).filter((message) => !('devapp_fetched' in message))).toEqual(told)
  })

  it('has a result even when the wallet says none', async () => {
    const uuid = await requestOf()
    const patch = signedPatch(newKeys(), payment)
    node.transactions.set(patch.tx_id!, validated(patch.tx_id!, 'tesSUCCESS'))
    await wallet.client.patchPayload(uuid, patch)
    await isCorrected(uuid, 'tesSUCCESS')
  })

  it('delays nobody while the node hangs', async () => {
    node.deafTo.add('tx')
    const uuid = await requestOf()
    const subscriber = await StatusSubscriber.connect(server.url, uuid)
    const txid = await signAndClaim(uuid)
    await wasAskedFor(txid)
    expect(await subscriber.hears('signed')).toMatchObject({ signed: true, txid })
    expect(await response(uuid)).toMatchObject(claimed)

    node.transactions.set(txid, validated(txid, 'tecPATH_DRY'))
    node.deafTo.clear()
    await isCorrected(uuid, 'tecPATH_DRY')
  })

  it('is still followed when the server was restarted meanwhile', async () => {
    const uuid = await requestOf()
    const txid = await signAndClaim(uuid)
    await server.close()
    node.transactions.set(txid, validated(txid, 'tecPATH_DRY'))
    server = await start()
    wallet = await createVirtualWallet({ server: server.url, state: { ...wallet.state, server: server.url } })
    await isCorrected(uuid, 'tecPATH_DRY')
  })
})

describe('following a transaction', () => {
  /** A signed payload, and a node that says what the test wants. */
  const signed = async (request: Partial<ReturnType<typeof aPayload>['request']> = {}, network = 'TESTNET') => {
    const clock = movableClock()
    const stored = await openStored(databases[0]!, clock)
    let answer: NodeAnswer = { answer: 'error', error: 'txnNotFound' }
    let asked = 0
    const node = {
      url: 'wss://node.test',
      request: async () => {
        asked += 1
        return answer
      },
    }
    const flows: FlowDependencies = {
      payloads: stored.payloads,
      applications: stored.applications,
      verifier: { verify: async () => ({ verdict: 'verified', signature: aSignature }) },
      ledgerNodes: { nodeFor: (asked) => (asked === network ? node : null) },
      webhooks: idleWebhooks,
      countRefusedSignature: () => undefined,
      announcer: { announce: () => undefined, announceFetched: () => undefined },
      newId: randomUUID,
    }
    const id = randomUUID()
    const applicationId = await stored.addApplication()
    const { request: usual, customMeta } = aPayload()
    const asking = { ...usual, ...request }
    const payload = { id, applicationId, request: asking, customMeta, pushedTo: null, lifetime: 60_000 }
    await stored.payloads.create(payload, () => [])
    const action = { kind: 'sign', submission: aSubmission, grantPush: false, dispatched: null } as const
    await createPayloads(flows).act(anActor('someone'), id, action, randomUUID())
    return {
      clock,
      stored,
      ask: () => askForFollowedTransactions(flows, 4_000),
      asked: () => asked,
      answer: (next: NodeAnswer) => (answer = next),
      ledgerAnswer: async () => (await stored.payloads.find(id))!.payload.ledgerAnswer,
    }
  }

  it('asks less and less often, and ends after half an hour', async () => {
    const { clock, stored, ask, asked, answer, ledgerAnswer } = await signed()
    const times: number[] = []
    const start = clock.time
    while (clock.time <= start + 2 * 3_600_000) {
      const before = asked()
      await ask()
      if (asked() > before) times.push((clock.time - start) / 1_000)
      clock.time += 1_000
    }
    expect(times.slice(0, 6)).toEqual([0, 4, 8, 12, 16, 20])
    expect(times.length).toBeLessThan(30)
    expect(times.at(-1)).toBe(1_800)
    answer({ answer: 'result', result: validated(aSignature.txid!, 'tesSUCCESS') })
    await ask()
    expect(await ledgerAnswer()).toBeNull()
    await stored.close()
  })

  it('ends with the answer', async () => {
    const { clock, stored, ask, asked, answer, ledgerAnswer } = await signed()
    answer({ answer: 'result', result: validated(aSignature.txid!, 'tecPATH_DRY') })
    await ask()
    const known = { at: clock.time, to: 'wss://node.test', nodeType: 'TESTNET', result: 'tecPATH_DRY' }
    expect(await ledgerAnswer()).toEqual(known)
    clock.time += 60_000
    await ask()
    expect(asked()).toBe(1)
    await stored.close()
  })

  it.each([
    ['without submit', { submit: false }, 'TESTNET'],
    ['of a multisignature', { multisign: true }, 'TESTNET'],
    ['of a network without a node', {}, 'MAINNET'],
    ['of a forced network without a node', { forceNetwork: 'MAINNET' }, 'TESTNET'],
    ['of a sign-in', { template: { ...aPayload().request.template, kind: 'signIn' } }, 'TESTNET'],
  ] as const)('does not begin %s', async (_, request, network) => {
    const { clock, stored, ask, asked } = await signed(request, network)
    await ask()
    clock.time += 60_000
    await ask()
    expect(asked()).toBe(0)
    expect((await stored.payloads.claimFollowedTransactions(1, 0)).followed).toEqual([])
    await stored.close()
  })
})

it('without a node, what the wallet said stays', async () => {
  const server = await startTestServer({ environment: { FOLLOW_SECONDS: '0.05' } })
  const application = new ApplicationClient(server.url, await server.createApplication())
  const wallet = await createVirtualWallet({ server: server.url })
  const uuid = await application.create({ txjson: payment, options: { submit: true } })
  await wallet.client.patchPayload(uuid, { ...signedPatch(newKeys(), payment), dispatched: claim })
  expect((await application.details(uuid)).response).toMatchObject(claimed)
  await server.close()
})
