import { copyFile, mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createVirtualWallet, type VirtualWallet } from '../../src/virtual-wallet/virtual-wallet.ts'
import { WalletClient } from '../../src/virtual-wallet/wallet-client.ts'
import { ApplicationClient, payment, signIn, type Credentials } from '../application-client.ts'
import {
  jsonOf,
  run,
  runCountersign,
  startCountersign,
  urlOf,
  type CountersignProcess,
} from '../countersign-process.ts'
import { databases } from '../databases.ts'
import { OwnPostgres } from '../own-postgres.ts'
import { createPostgres } from '../postgres.ts'
import { StatusSubscriber } from '../status-subscriber.ts'
import { until } from '../until.ts'

type Environment = Record<string, string>

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-'))
})
afterEach(() => rm(folder, { recursive: true }))

/** Ended in the opposite order. */
const cleaning: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const clean of cleaning.splice(0).reverse()) await clean()
})

const onLoopback = { HOST: '127.0.0.1', PORT: '0', DRAIN_SECONDS: '0' }

/** @returns its URL */
const serve = async (environment: Environment): Promise<string> => {
  const server: CountersignProcess = startCountersign(['serve'], { environment: { ...onLoopback, ...environment } })
  cleaning.push(async () => {
    server.send('SIGTERM')
    await server.ended
  })
  return urlOf(server)
}

const issue = async (environment: Environment): Promise<Credentials> => {
  const issued = jsonOf(await runCountersign(['app', 'create', '--name', 'Shop', '--json'], { environment }))
  return { apiKey: issued.api_key, apiSecret: issued.api_secret }
}

/** Creates and resolves without a pause. `answered` holds what became of each, and nobody touches those again. */
const keepWriting = (application: ApplicationClient, wallet: VirtualWallet) => {
  const answered: any[] = []
  let isOver = false
  const write = async (): Promise<void> => {
    for (let number = 0; !isOver; number++) {
      const uuid = await application.create({ txjson: number % 2 === 0 ? signIn : payment })
      if (number % 3 === 0) await wallet.sign(uuid)
      if (number % 3 === 1) await wallet.reject(uuid)
      answered.push(await application.details(uuid))
    }
  }
  const writing = write()
  const stop = async (): Promise<void> => {
    isOver = true
    await writing
  }
  cleaning.push(stop)
  return { answered, stop }
}

/** Details without what time alone changes. */
const timeless = ({ payload, ...others }: any) => ({ ...others, payload: { ...payload, expires_in_seconds: 'fewer' } })

interface Plan {
  readonly environment: Environment
  readonly backUp: () => Promise<void>
  /** @returns what the server on the restored database needs */
  readonly restore: () => Promise<Environment>
}

/** While a server writes to it, as docs/backup.md says. Everything that was answered before is on the restored one. */
const backUpAndRestore = async ({ environment, backUp, restore }: Plan) => {
  const credentials = await issue(environment)
  const url = await serve(environment)
  const wallet = await createVirtualWallet({ server: url })
  const { answered, stop } = keepWriting(new ApplicationClient(url, credentials), wallet)
  await until('some work to be done', () => answered.length >= 20)
  const before = [...answered]
  await backUp()
  await until('work to go on', () => answered.length > before.length)
  await stop()

  const restored = await restore()
  const restoredUrl = await serve(restored)
  const application = new ApplicationClient(restoredUrl, credentials)
  for (const details of before) {
    expect(timeless(await application.details(details.meta.uuid))).toEqual(timeless(details))
  }
  const client = new WalletClient({ ...wallet.state, server: restoredUrl })
  expect(await client.ping()).toMatchObject({ pong: true })
  return { restored, restoredUrl, application, state: client.identity }
}

describe('a backup of SQLite under a server that is writing', () => {
  it('restores everything that was answered before it began', async () => {
    const environment = { DATABASE_URL: `sqlite:${join(folder, 'data', 'countersign.db')}` }
    const file = join(folder, 'backup.db')
    const { application } = await backUpAndRestore({
      environment,
      backUp: async () => {
        const backup = await runCountersign(['backup', '--to', file, '--json'], { environment })
        expect(jsonOf(backup)).toEqual({ database: file, secret_key: `${file}.key` })
        // both are as private as what they are copies of
        for (const name of [file, `${file}.key`]) expect((await stat(name)).mode & 0o077).toBe(0)
      },
      restore: async () => {
        const place = join(folder, 'restored')
        await mkdir(place)
        await copyFile(file, join(place, 'countersign.db'))
        await copyFile(`${file}.key`, join(place, 'countersign.db.key'))
        return { DATABASE_URL: `sqlite:${join(place, 'countersign.db')}` }
      },
    })
    expect(await application.create({ txjson: signIn })).toEqual(expect.any(String))
  })

  it('takes the place of nothing, and leaves nothing of what failed', async () => {
    const environment = { DATABASE_URL: `sqlite:${join(folder, 'countersign.db')}` }
    const backUp = (to: string, on: Environment = environment) =>
      runCountersign(['backup', '--to', join(folder, to)], { environment: on })
    const failsWith = (sentence: RegExp) => ({ status: 1, stdout: '', stderr: expect.stringMatching(sentence) })
    expect(await backUp('one.db')).toEqual(failsWith(/^countersign: there is no database .*countersign\.db\n$/))
    await issue(environment)
    expect(await backUp('one.db')).toMatchObject({ status: 0, stderr: '' })
    expect(await backUp('one.db')).toEqual(failsWith(/one\.db exists already/))
    expect(await backUp('missing/two.db')).toEqual(failsWith(/no such file or directory/))
    const postgres = { DATABASE_URL: 'postgres://127.0.0.1/x', COUNTERSIGN_SECRET_KEY: '0'.repeat(64) }
    expect(await backUp('three.db', postgres)).toEqual(failsWith(/use pg_dump/))
    await copyFile(join(folder, 'one.db'), join(folder, 'other.db'))
    const keyless = { DATABASE_URL: `sqlite:${join(folder, 'other.db')}` }
    expect((await backUp('four.db', keyless)).stdout).toContain('keep that of COUNTERSIGN_SECRET_KEY yourself')
    const names = ['countersign.db', 'countersign.db.key', 'four.db', 'one.db', 'one.db.key', 'other.db']
    expect((await readdir(folder)).sort()).toEqual(names)
  })
})

describe.runIf(databases.some(({ name }) => name === 'PostgreSQL'))(
  'a backup of PostgreSQL under servers that are writing',
  () => {
    it('restores everything that was answered before it began, in another cluster where nodes find each other', async () => {
      const original = await createPostgres()
      cleaning.push(() => original.drop())
      const key = { COUNTERSIGN_SECRET_KEY: 'ab'.repeat(32) }
      const file = join(folder, 'countersign.dump')
      const sound = async (program: string, ...args: string[]) =>
        expect(await run(program, args)).toEqual({ status: 0, stdout: '', stderr: '' })

      const { restored, restoredUrl, application, state } = await backUpAndRestore({
        environment: { DATABASE_URL: original.url, ...key },
        backUp: () => sound('pg_dump', '--format=custom', `--file=${file}`, original.url),
        restore: async () => {
          const cluster = await OwnPostgres.start()
          cleaning.push(() => cluster.destroy())
          await cluster.query('create database countersign')
          const url = cluster.url('countersign')
          await sound('pg_restore', '--exit-on-error', '--single-transaction', '--no-owner', `--dbname=${url}`, file)
          // the marks that came along are of the other cluster, whose transactions have higher numbers
          const { rows } = await cluster.query(
            `select count(*) > 0 as ahead from payloads where changed_in > txid_current()`,
            'countersign',
          )
          expect(rows).toEqual([{ ahead: true }])
          return { DATABASE_URL: url, ...key }
        },
      })

      // nothing but the database is between the two
      const otherUrl = await serve(restored)
      const uuid = await application.create({ txjson: signIn })
      const subscriber = await StatusSubscriber.connect(otherUrl, uuid)
      const wallet = await createVirtualWallet({ server: restoredUrl, state })
      await wallet.sign(uuid)
      await subscriber.hears('signed')
      subscriber.vanish()
    })
  },
)
