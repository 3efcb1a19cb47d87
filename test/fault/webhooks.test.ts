import { describe, expect, it, onTestFinished } from 'vitest'
import { WalletClient, registerWallet, type WalletIdentity } from '../../src/virtual-wallet/wallet-client.ts'
import { ApplicationClient, signIn } from '../application-client.ts'
import { jsonOf, runCountersign, startCountersign, urlOf, type CountersignProcess } from '../countersign-process.ts'
import { databases } from '../databases.ts'
import { WebhookReceiver } from '../webhook-receiver.ts'
import { Random } from './random.ts'

const seed = Number(process.env['FAULT_SEED'] ?? Math.floor(Math.random() * 2 ** 32))
const kills = 20
const resolutions = 500
const users = 6

describe.each(databases)('webhooks of a server that is killed at any moment, on $name', ({ name, create }) => {
  it(`all arrive, none for what was not resolved (FAULT_SEED=${seed})`, async () => {
    const random = new Random(seed)
    const database = await create()
    const receiver = new WebhookReceiver()
    // every eighth is refused, so that some are owed again when the server dies
    receiver.answer = (response) => {
      response.statusCode = random.oneIn(8) ? 500 : 204
      response.end()
    }
    const environment = {
      DATABASE_URL: database.url,
      COUNTERSIGN_SECRET_KEY: '0'.repeat(64),
      COUNTERSIGN_WEBHOOK_ALLOW: '127.0.0.0/8',
      WEBHOOK_WAIT_SECONDS: Array.from({ length: 15 }, () => '0.1').join(','),
      WEBHOOK_INTERVAL_SECONDS: '0.1',
      WEBHOOK_TIMEOUT_SECONDS: '1',
      WEBHOOK_LEASE_SECONDS: '2',
      HOST: '127.0.0.1',
      PORT: '0',
    }
    let server: CountersignProcess
    const start = (): CountersignProcess => (server = startCountersign(['serve'], { environment }))
    onTestFinished(async () => {
      server.send('SIGKILL')
      await server.ended
      await receiver.stop()
      await database.drop()
    })

    const hook = ['--webhook-url', await receiver.start()]
    const { api_key: apiKey, api_secret: apiSecret } = jsonOf(
      await runCountersign(['app', 'create', '--name', 'Shop', ...hook, '--json'], { environment }),
    )
    let url = await urlOf(start())
    const identities = await Promise.all(Array.from({ length: users }, () => registerWallet(url)))
    const resolved = new Set<string>()

    /** Rejects sign requests, which resolves them, until the server is gone or there are enough. */
    const keepResolving = async (user: number): Promise<void> => {
      const application = new ApplicationClient(url, { apiKey, apiSecret })
      const save = (identity: WalletIdentity): void => void (identities[user] = identity)
      const wallet = new WalletClient({ ...identities[user]!, server: url }, { save })
      while (resolved.size < resolutions) {
        const uuid = await application.create({ txjson: signIn })
        await wallet.patchPayload(uuid, { reject: true, reject_initiator: 'USER' })
        resolved.add(uuid)
      }
    }
    for (let round = 1; round <= kills; round++) {
      // the server dies under them: whatever they were about is not answered
      const load = Promise.allSettled(identities.map((_, user) => keepResolving(user)))
      const enough = Math.floor((resolutions * round) / (kills + 1)) + random.below(8)
      while (resolved.size < enough) await receiver.has(receiver.received.length + 1)
      server!.send('SIGKILL')
      await server!.ended
      await load
      url = await urlOf(start())
    }
    await Promise.all(identities.map((_, user) => keepResolving(user)))

    const idsOf = (uuid: string): Set<unknown> =>
      new Set(
        receiver.received
          .filter(({ headers }) => headers['x-xumm-payload'] === uuid)
          .map(({ headers }) => headers['webhook-id']),
      )
    const missing = (): string[] => {
      const arrived = new Set(receiver.received.map(({ headers }) => headers['x-xumm-payload']))
      return [...resolved].filter((uuid) => !arrived.has(uuid))
    }
    while (missing().length > 0) await receiver.has(receiver.received.length + 1)

    const application = new ApplicationClient(url, { apiKey, apiSecret })
    const told = new Set(receiver.received.map(({ headers }) => headers['x-xumm-payload'] as string))
    for (const uuid of told) {
      expect((await application.details(uuid)).meta.resolved).toBe(true)
      expect(idsOf(uuid).size).toBe(1)
    }
    // an attempt that the receiver took and the server did not live to record is made again under the same number
    const attempts = receiver.received.map(
      ({ headers }) => `${headers['webhook-id'] as string} ${headers['x-xumm-attempt'] as string}`,
    )
    const repeated = attempts.length - new Set(attempts).size
    expect(repeated).toBeLessThanOrEqual(kills * 20)
    console.log(
      `${name}: ${kills} kills, ${resolved.size} resolutions answered, ${told.size} told, ` +
        `${attempts.length} attempts, ${repeated} of them repeated after a kill (FAULT_SEED=${seed})`,
    )
  })
})
