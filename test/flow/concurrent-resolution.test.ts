import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/json.ts'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { createVirtualWallet, type VirtualWallet } from '../../src/virtual-wallet/virtual-wallet.ts'
import { ApplicationClient, payment, signIn } from '../application-client.ts'
import { databases } from '../databases.ts'
import type { TemporaryDatabase } from '../postgres.ts'
import { signedPatch } from '../signed-patch.ts'
import { StatusSubscriber } from '../status-subscriber.ts'

describe.each(databases)('twenty wallets at once, on $name', ({ create }) => {
  let database: TemporaryDatabase
  let server: TestServer
  let application: ApplicationClient
  let wallets: VirtualWallet[]

  beforeAll(async () => {
    database = await create()
    server = await startTestServer({
      environment: { DATABASE_URL: database.url, COUNTERSIGN_SECRET_KEY: '0'.repeat(64) },
    })
    application = new ApplicationClient(server.url, await server.createApplication())
    wallets = await Promise.all(Array.from({ length: 20 }, () => createVirtualWallet({ server: server.url })))
  })
  afterAll(async () => {
    await server.close()
    await database.drop()
  })

  it.each([
    ['that opened a payment before', payment, 'opened'],
    ['that never fetched a sign-in', signIn, 'unopened'],
  ])('%s: one resolves it, nineteen are refused, subscribers hear it once', async (_, template, state) => {
    const uuid = await application.create({ txjson: template })
    const subscriber = await StatusSubscriber.connect(server.url, uuid)
    if (state === 'opened') await Promise.all(wallets.map((wallet) => wallet.open(uuid)))

    const answers = await Promise.allSettled(
      wallets.map(({ client, keys }) => client.patchPayload(uuid, signedPatch(keys, template))),
    )
    const { meta, response } = await application.details(uuid)
    const told = await subscriber.everything()

    const winner = wallets.findIndex(({ account }) => account === response.account)
    expect(answers[winner]).toMatchObject({ status: 'fulfilled', value: { signed: true } })
    const losers = answers.filter((_, index) => index !== winner)
    expect(losers).toEqual(Array(19).fill({ status: 'rejected', reason: expect.objectContaining({ code: 409 }) }))
    expect(meta).toMatchObject({ resolved: true, signed: true })
    expect(told.filter(has('signed'))).toEqual([
      expect.objectContaining({ payload_uuidv4: uuid, signed: true, txid: response.txid }),
    ])
    expect(told.filter(has('opened'))).toHaveLength(1)
  })
})

const has =
  (key: string) =>
  (message: JsonObject): boolean =>
    Object.hasOwn(message, key)
