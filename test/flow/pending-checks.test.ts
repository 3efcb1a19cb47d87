import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Verdict } from '../../src/ledger/verify.ts'
import type { FlowDependencies } from '../../src/payload/flow-dependencies.ts'
import { createPayloads } from '../../src/payload/payload-flows.ts'
import { repeatPendingChecks } from '../../src/payload/pending-checks.ts'
import { startTestServer, type TestApplication, type TestServer } from '../../src/testing.ts'
import { payloadStore } from '../../src/storage/payload-store.ts'
import { keysOf, newKeys } from '../../src/virtual-wallet/keys.ts'
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

/** Has a regular key, as the scripted ledger has it; the wallet signs with that. */
const account = 'rPEPPER7kfTD9w2To4CQk6UCfuHM9c6GDY'
const keys = keysOf('sEdTM1uX8pu2do5XvTnutH6HsouMaM2')

describe.each(databases)('a signature that only a ledger node can confirm, on $name', ({ create }) => {
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
        LEDGER_URL: node.url,
        LEDGER_TIMEOUT_SECONDS: '0.5',
        PENDING_CHECK_SECONDS: '0.1',
      },
    })
  const application = () => new ApplicationClient(server.url, credentials)
  const handIn = (uuid: string, patch = signedPatch(keys, payment, account)) => wallet.client.patchPayload(uuid, patch)
  const refusedOf = (uuid: string) => payloadStore(server.server.foundation.database).listRefusedSignatures(uuid)

  beforeAll(async () => {
    database = await create()
    node = await startScriptedNode()
    server = await start()
    credentials = await server.createApplication()
    wallet = await createVirtualWallet({ server: server.url })
  })
  beforeEach(() => {
    node.accounts.set(account, { regularKey: keys.address })
    node.behaviour = 'answer'
  })
  afterAll(async () => {
    await server.close()
    await node.close()
    await database.drop()
  })

  it('resolves at once when the node confirms the regular key', async () => {
    const uuid = await application().create({ txjson: payment })
    expect(await handIn(uuid)).toMatchObject({ signed: true })
    const { meta, response } = await application().details(uuid)
    expect(meta).toMatchObject({ resolved: true, signed: true })
    expect(response).toMatchObject({ account, signer: keys.address, signer_pubkey: keys.publicKey })
  })

  it('waits for a node that hangs, and resolves the payload once it answers', async () => {
    const uuid = await application().create({ txjson: payment })
    const subscriber = await StatusSubscriber.connect(server.url, uuid)
    node.behaviour = 'hold'
    const patch = signedPatch(keys, payment, account)
    expect(await handIn(uuid, patch)).toMatchObject({ signed: false })
    await wallet.client.patchPayload(uuid, { dispatched: { to: node.url, nodetype: 'TESTNET', result: 'tesSUCCESS' } })
    expect((await application().details(uuid)).meta).toMatchObject({ app_opened: true, resolved: false })
    expect(await subscriber.everything()).toHaveLength(4)

    node.behaviour = 'answer'
    expect(await subscriber.hears('signed')).toMatchObject({ signed: true, txid: patch.tx_id })
    expect(await subscriber.everything()).toEqual([
      { message: `Welcome ${uuid}` },
      { expires_in_seconds: 86400 },
      { opened: true },
      { devapp_fetched: true },
      { dispatched: true },
      expect.objectContaining({ signed: true }),
    ])
    expect((await application().details(uuid)).response).toMatchObject({
      txid: patch.tx_id,
      hex: patch.signed_blob,
      dispatched_result: 'tesSUCCESS',
    })
  })

  it('does not resolve the payload when the node says no in the end, and is kept beside it', async () => {
    const uuid = await application().create({ txjson: payment })
    node.behaviour = 'hold'
    const patch = signedPatch(keys, payment, account)
    expect(await handIn(uuid, patch)).toMatchObject({ signed: false })

    node.accounts.set(account, {})
    node.behaviour = 'answer'
    const kept = { txid: patch.tx_id, account, reason: 'keyNotAuthorized' }
    await vi.waitFor(async () => expect(await refusedOf(uuid)).toMatchObject([kept]), { timeout: 10_000 })
    expect((await application().details(uuid)).meta).toMatchObject({ resolved: false, app_opened: true })

    const own = signedPatch(newKeys(), payment)
    expect(await handIn(uuid, own)).toMatchObject({ signed: true })
  })

  it('is refused at once when the node says no', async () => {
    const uuid = await application().create({ txjson: payment })
    node.accounts.set(account, { regularKey: newKeys().address })
    await expect(handIn(uuid)).rejects.toMatchObject({ code: 405 })
    expect(await refusedOf(uuid)).toMatchObject([{ account, reason: 'keyNotAuthorized' }])
    const metrics = await (await fetch(`${server.url}/metrics`)).text()
    expect(metrics).toMatch(/countersign_refused_signatures_total\{reason="keyNotAuthorized"\} [1-9]/)
  })

  it('is still waited for when the server was restarted meanwhile', async () => {
    const uuid = await application().create({ txjson: payment })
    node.behaviour = 'hold'
    expect(await handIn(uuid)).toMatchObject({ signed: false })
    await server.close()
    server = await start()
    wallet = await createVirtualWallet({ server: server.url, state: { ...wallet.state, server: server.url } })
    const subscriber = await StatusSubscriber.connect(server.url, uuid)
    node.behaviour = 'answer'
    expect(await subscriber.hears('signed')).toMatchObject({ signed: true })
  })

  it('makes room for the next one of the same user', async () => {
    const uuid = await application().create({ txjson: payment })
    node.behaviour = 'hold'
    const later = signedPatch(keys, payment, account, 2)
    expect(await handIn(uuid)).toMatchObject({ signed: false })
    expect(await handIn(uuid, later)).toMatchObject({ signed: false })
    const subscriber = await StatusSubscriber.connect(server.url, uuid)
    node.behaviour = 'answer'
    expect(await subscriber.hears('signed')).toMatchObject({ txid: later.tx_id })
  })
})

describe('checks that wait for a ledger node', () => {
  /** A store in which this many signatures wait, and what the node says when it is asked. */
  const waiting = async (count: number) => {
    const clock = movableClock()
    const stored = await openStored(databases[0]!, clock)
    const applicationId = await stored.addApplication()
    let verdict: Verdict = { verdict: 'unanswered', account }
    const flows: FlowDependencies = {
      payloads: stored.payloads,
      applications: stored.applications,
      verifier: { verify: async () => verdict },
      ledgerNodes: null,
      countRefusedSignature: () => undefined,
      announcer: { announce: () => undefined, announceFetched: () => undefined },
      webhooks: idleWebhooks,
      newId: randomUUID,
    }
    const ids = Array.from({ length: count }, () => randomUUID())
    for (const id of ids) {
      const { request, customMeta } = aPayload()
      const payload = { id, applicationId, request, customMeta, pushedTo: null, lifetime: 60_000 }
      await stored.payloads.create(payload, () => [])
      const action = { kind: 'sign', submission: aSubmission, grantPush: false, dispatched: null } as const
      await createPayloads(flows).act(anActor('someone'), id, action, randomUUID())
    }
    return {
      clock,
      stored,
      repeat: () => repeatPendingChecks(flows, 5_000),
      outcomes: async () => Promise.all(ids.map(async (id) => (await stored.payloads.find(id))!.payload.outcome?.kind)),
      refused: () => stored.payloads.listRefusedSignatures(ids[0]!),
      answer: () => (verdict = { verdict: 'verified', signature: aSignature }),
    }
  }

  it('are worked off without a pause as soon as it answers, and with one while it does not', async () => {
    const { clock, stored, repeat, outcomes, answer } = await waiting(25)
    expect(await repeat()).toBe(false)
    clock.time += 5_000
    answer()
    expect(await repeat()).toBe(true)
    expect(await repeat()).toBe(false)
    expect(await outcomes()).toEqual(Array(25).fill('signed'))
    await stored.close()
  })

  it('are given up after an hour, and kept as refused', async () => {
    const { clock, stored, repeat, outcomes, refused, answer } = await waiting(1)
    clock.time += 3_599_999
    await repeat()
    expect(await refused()).toEqual([])
    clock.time += 5_000
    await repeat()
    expect(await refused()).toMatchObject([{ account, reason: 'keyNotAuthorized' }])
    answer()
    clock.time += 60_000
    await repeat()
    expect(await outcomes()).toEqual([undefined])
    await stored.close()
  })
})
