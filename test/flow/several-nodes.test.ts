import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { createVirtualWallet, type VirtualWallet } from '../../src/virtual-wallet/virtual-wallet.ts'
import { ApplicationClient, payment } from '../application-client.ts'
import { databases } from '../databases.ts'
import type { TemporaryDatabase } from '../postgres.ts'
import { StatusSubscriber } from '../status-subscriber.ts'

describe.each(databases)('two nodes with one database and nothing between them, on $name', ({ create }) => {
  let database: TemporaryDatabase
  let nodes: [TestServer, TestServer]
  let application: ApplicationClient
  let wallet: VirtualWallet

  beforeEach(async () => {
    database = await create()
    const environment = {
      DATABASE_URL: database.url,
      COUNTERSIGN_SECRET_KEY: '0'.repeat(64),
      RECONCILE_SECONDS: '0.05',
    }
    nodes = [await startTestServer({ environment }), await startTestServer({ environment })]
    application = new ApplicationClient(nodes[0].url, await nodes[0].createApplication())
    wallet = await createVirtualWallet({ server: nodes[0].url, dispatchedResult: 'tesSUCCESS' })
  })
  afterEach(async () => {
    wallet.close()
    await Promise.all(nodes.map((node) => node.close()))
    await database.drop()
  })

  const facts = (told: readonly object[]): string[] =>
    told.map((message) => Object.keys(message)[0]!).filter((key) => !['message', 'expires_in_seconds'].includes(key))

  it('tell the subscribers of the one what a wallet does on the other', async () => {
    const uuid = await application.create({ txjson: payment })
    const subscriber = await StatusSubscriber.connect(nodes[1].url, uuid)
    await wallet.sign(uuid)
    const result = await subscriber.hears('signed')
    expect(result).toMatchObject({ payload_uuidv4: uuid, signed: true })
    expect(facts(await subscriber.everything())).toEqual(['opened', 'pre_signed', 'dispatched', 'payload_uuidv4'])
    const metrics = await (await fetch(`${nodes[1].url}/metrics`)).text()
    expect(metrics).toMatch(/^countersign_live_repaired_total [1-9]/m)
    subscriber.vanish()
  })

  it('tell a cancellation on the one as an expiry on the other, once', async () => {
    const uuid = await application.create({ txjson: payment })
    const subscriber = await StatusSubscriber.connect(nodes[1].url, uuid)
    await application.cancel(uuid)
    await subscriber.hears('expired')
    expect(facts(await subscriber.everything())).toEqual(['expired'])
    subscriber.vanish()
  })

  it('let the wallet stay where it is while the window that the user came from is open on the other', async () => {
    const both = 'https://shop.test/?id={id}'
    const uuid = await application.create({ txjson: payment, options: { return_url: { app: both, web: both } } })
    const page = await StatusSubscriber.connect(nodes[1].url, uuid)
    const returnUrlApp = async () => (await wallet.open(uuid)).meta.return_url_app
    expect(await returnUrlApp()).toBe(`https://shop.test/?id=${uuid}`)
    page.say({ page: true })
    while ((await returnUrlApp()) !== null) await setTimeout(10)
    page.vanish()
    while ((await returnUrlApp()) === null) await setTimeout(10)
  })
})
