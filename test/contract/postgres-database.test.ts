import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { DatabaseUnavailable } from '../../src/database-unavailable.ts'
import type { Database } from '../../src/storage/database.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { databases } from '../databases.ts'
import type { TemporaryDatabase } from '../postgres.ts'

const postgres = databases.find(({ name }) => name === 'PostgreSQL')

it('PostgreSQL that cannot be reached is told apart, without credentials', async () => {
  const opening = openDatabase({ url: 'postgres://someone:hunter2@127.0.0.1:1/nothing' })
  const error: unknown = await opening.catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(DatabaseUnavailable)
  expect(String(error)).toContain('ECONNREFUSED')
  expect(String(error)).not.toContain('hunter2')
})

describe.skipIf(postgres === undefined)('PostgreSQL', () => {
  let temporary: TemporaryDatabase
  let database: Database

  beforeAll(async () => {
    temporary = await postgres!.create()
    database = await openDatabase({ url: temporary.url, poolSize: 2 })
  })
  beforeEach(async () => {
    await database.write((db) => db.deleteFrom('settings').execute())
    await database.write((db) =>
      db
        .insertInto('settings')
        .values(['a', 'b'].map((key) => ({ key, value: '' })))
        .execute(),
    )
  })
  afterAll(async () => {
    await database.close()
    await temporary.drop()
  })

  const values = (): Promise<string[]> =>
    database.read(async (db) =>
      (await db.selectFrom('settings').select('value').orderBy('key').execute()).map(({ value }) => value),
    )

  it('takes a deadlock back and runs the loser again', async () => {
    let runs = 0
    let meet = (): void => undefined
    const bothHoldOne = new Promise<void>((resolve) => (meet = resolve))
    const writeBoth = (first: string, second: string) =>
      database.write(async (db) => {
        runs++
        const append = (key: string) =>
          db
            .updateTable('settings')
            .set({ value: sql`value || ${first}` })
            .where('key', '=', key)
            .execute()
        await append(first)
        if (runs === 2) meet()
        await bothHoldOne
        await append(second)
      })
    await Promise.all([writeBoth('a', 'b'), writeBoth('b', 'a')])
    expect(runs).toBeGreaterThan(2)
    const [first, second] = await values()
    expect(['ab', 'ba']).toContain(first)
    expect(second).toBe(first)
  })

  it('survives connections that the server ends, in use and idle', async () => {
    const cut = database.write(async (db) => {
      await db.updateTable('settings').set({ value: 'lost' }).execute()
      await database.write((other) =>
        sql`select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid()`.execute(other),
      )
      await db.updateTable('settings').set({ value: 'lost again' }).execute()
    })
    await expect(cut).rejects.toThrow(DatabaseUnavailable)
    expect(await values()).toEqual(['', ''])
  })

  it('gives up on a server that has gone silent', async () => {
    const way = await frozenWayTo(temporary.url)
    const distant = await openDatabase({ url: way.url, statementTimeout: 200, migrate: 'none' })
    await distant.ping()
    way.freeze()
    await expect(distant.ping()).rejects.toThrow(DatabaseUnavailable)
    await distant.close()
    await way.close()
  })

  it('holds no lock for a process that was stopped between two statements', async () => {
    const timeout = await database.write((db) =>
      sql<{ timeout: string }>`select current_setting('idle_in_transaction_session_timeout') as timeout`.execute(db),
    )
    expect(timeout.rows).toEqual([{ timeout: '5s' }])
  })
})

/** A relay to the server that stops passing anything on when told to, without closing. */
const frozenWayTo = async (url: string) => {
  const server = new URL(url)
  const sockets: Socket[] = []
  const relay = createServer((near) => {
    const far = connect(Number(server.port || 5432), server.hostname)
    sockets.push(near, far)
    near.pipe(far).pipe(near)
    for (const socket of [near, far]) socket.on('error', () => undefined)
  })
  relay.listen(0, '127.0.0.1')
  await once(relay, 'listening')
  const relayed = new URL(url)
  relayed.host = `127.0.0.1:${(relay.address() as AddressInfo).port}`
  return {
    url: relayed.href,
    freeze: () => {
      for (const socket of sockets) socket.unpipe().pause()
    },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      relay.close()
      await once(relay, 'close')
    },
  }
}
