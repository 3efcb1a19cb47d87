import { setTimeout } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ApplicationClient } from '../application-client.ts'
import { jsonOf, runCountersign, startCountersign, urlOf, type CountersignProcess } from '../countersign-process.ts'
import { databases } from '../databases.ts'
import { Answered } from './answered.ts'
import { registerBusyWallet } from './busy-wallet.ts'
import { keepBusy, keepStoring } from './load.ts'
import { Random } from './random.ts'

const seed = Number(process.env['FAULT_SEED'] ?? Math.floor(Math.random() * 2 ** 32))
/** Under load, on each database. */
const kills = Number(process.env['FAULT_KILLS'] ?? 25)
/** One in so many is followed by another one while the server starts again. */
const startsBetweenKills = 6
const users = 6

describe.each(databases)('a server that is killed at any moment, on $name', ({ name, create }) => {
  it(`has kept whatever it answered (FAULT_SEED=${seed})`, async () => {
    const random = new Random(seed)
    const database = await create()
    const environment = {
      DATABASE_URL: database.url,
      COUNTERSIGN_SECRET_KEY: '0'.repeat(64),
      HOST: '127.0.0.1',
      PORT: '0',
    }
    let server: CountersignProcess
    const start = (): CountersignProcess => (server = startCountersign(['serve'], { environment }))
    const kill = async (): Promise<void> => {
      server.send('SIGKILL')
      expect(await server.ended).toEqual({ status: null, signal: 'SIGKILL' })
      expect(server.said()).not.toContain('"level":50')
    }
    onTestFinished(async () => {
      server.send('SIGKILL')
      await server.ended
      await database.drop()
    })

    // the first in the middle of the migration, with some luck
    start()
    await setTimeout(random.below(1_000))
    await kill()
    const created = jsonOf(await runCountersign(['app', 'create', '--name', 'Shop', '--json'], { environment }))
    const applicationAt = (url: string) =>
      new ApplicationClient(url, { apiKey: created.api_key, apiSecret: created.api_secret })
    const answered = new Answered()
    let url = await urlOf(start())
    const wallets = await Promise.all(Array.from({ length: users }, () => registerBusyWallet(url)))
    for (const wallet of wallets) answered.devices.add(wallet)

    for (let round = 1; round <= kills; round++) {
      const application = applicationAt(url)
      const load = Promise.all([
        ...wallets.map((wallet) => keepBusy({ url, application, wallet, answered, random: random.fork() })),
        keepStoring(application, answered),
      ])
      // whoever is answered what should not be ends the test
      await Promise.race([answered.reach(answered.count + random.below(100)), load])
      await setTimeout(random.below(20))
      await kill()
      await load
      if (round % startsBetweenKills === 0) {
        start()
        await setTimeout(random.below(1_000))
        await kill()
      }
      url = await urlOf(start())
      await answered.expectKept(url, applicationAt(url))
    }

    for (const payload of answered.payloads.values()) answered.touched.add(payload)
    await answered.expectKept(url, applicationAt(url))
    console.log(`${name}: killed ${kills} times under load, ${answered.count} answers kept (FAULT_SEED=${seed})`)
  })
})
