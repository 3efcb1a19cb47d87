import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Database, DatabaseOptions } from '../../src/storage/database.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { DatabaseTooNew, migrate } from '../../src/storage/migrate.ts'
import type { Migration } from '../../src/storage/migrations/migration.ts'
import { migrations } from '../../src/storage/migrations/migrations.ts'
import { settingTable } from '../../src/storage/setting-table.ts'
import { databases } from '../databases.ts'
import { movableClock } from '../movable-clock.ts'
import type { TemporaryDatabase } from '../postgres.ts'

describe.each(databases)('database on $name', (kind) => {
  let temporary: TemporaryDatabase
  let opened: Database[]

  beforeEach(async () => {
    temporary = await kind.create()
    opened = []
  })
  afterEach(async () => {
    await Promise.all(opened.map((database) => database.close()))
    await temporary.drop()
  })

  const open = async (options: Partial<DatabaseOptions> = {}): Promise<Database> => {
    const database = await openDatabase({ url: temporary.url, ...options })
    opened.push(database)
    return database
  }
  const insert = (database: Database, key: string): Promise<unknown> =>
    database.write((db) => db.insertInto('settings').values({ key, value: 'v' }).execute())
  const keys = (database: Database): Promise<string[]> =>
    database.read(async (db) =>
      (await db.selectFrom('settings').select('key').orderBy('key').execute()).map(({ key }) => key),
    )

  describe('a write', () => {
    it('is there after the database was closed and opened again', async () => {
      const database = await openDatabase({ url: temporary.url })
      await insert(database, 'kept')
      await database.close()
      expect(await keys(await open())).toEqual(['kept'])
    })

    it('that fails leaves nothing, and those at the same time are not touched', async () => {
      const database = await open()
      const answers = await Promise.allSettled(
        Array.from({ length: 30 }, (_, index) =>
          database.write(async (db) => {
            await db
              .insertInto('settings')
              .values({ key: `${100 + index}`, value: 'v' })
              .execute()
            if (index % 3 === 0) throw new Error('a fault')
            if (index % 3 === 1)
              await db
                .insertInto('settings')
                .values({ key: `${100 + index}`, value: 'again' })
                .execute()
          }),
        ),
      )
      const succeeded = answers.flatMap(({ status }, index) => (status === 'fulfilled' ? [`${100 + index}`] : []))
      expect(succeeded).toHaveLength(10)
      expect(await keys(database)).toEqual(succeeded)
    })

    it('is not seen by reads before it is committed', async () => {
      const database = await open()
      let during: string[] = []
      await database.write(async (db) => {
        await db.insertInto('settings').values({ key: 'uncommitted', value: 'v' }).execute()
        during = await keys(database)
      })
      expect(during).toEqual([])
      expect(await keys(database)).toEqual(['uncommitted'])
    })

    it('waits for another to the same row, and its clock is later', async () => {
      const database = await open()
      await insert(database, 'row')
      const times: number[] = []
      const touch = () =>
        database.write(async (db, now) => {
          await db.updateTable('settings').set({ value: 'touched' }).where('key', '=', 'row').execute()
          times.push(await now())
        })
      await Promise.all(Array.from({ length: 8 }, touch))
      expect(times).toEqual(times.toSorted((a, b) => a - b))
    })
  })

  describe('the clock', () => {
    it('tells whole milliseconds as numbers, the same in and outside of statements', async () => {
      const database = await open()
      const before = Date.now()
      const row = await database.read((db) => db.selectNoFrom(database.clock().as('now')).executeTakeFirstOrThrow())
      const inTransaction = await database.write((_, now) => now())
      for (const time of [await database.now(), row.now, inTransaction]) {
        expect(Number.isSafeInteger(time)).toBe(true)
        expect(Math.abs(time - before)).toBeLessThan(10_000)
      }
    })

    it('is the one it was given, everywhere', async () => {
      const clock = movableClock()
      const database = await open({ clock })
      clock.time += 12_345
      const row = await database.read((db) => db.selectNoFrom(database.clock().as('now')).executeTakeFirstOrThrow())
      const inTransaction = await database.write((_, now) => now())
      expect([await database.now(), row.now, inTransaction]).toEqual([clock.time, clock.time, clock.time])
    })
  })

  it('answers a ping', async () => {
    await expect((await open()).ping()).resolves.toBeUndefined()
  })

  describe('migrations', () => {
    const all = migrations.map(({ name }) => name)
    const step = (number: number, changes: Partial<Migration> = {}): Migration => ({
      number,
      name: `${number}-step`,
      additive: true,
      up: (db) => db.schema.createTable(`step_${number}`).addColumn('one', 'integer').execute(),
      ...changes,
    })
    const applied = (database: Database): Promise<number[]> =>
      database.read(async (db) =>
        (await db.selectFrom('migrations').select('number').orderBy('number').execute()).map(({ number }) => number),
      )

    it('run once', async () => {
      const database = await open({ migrate: false })
      expect(await migrate(database)).toEqual(all)
      expect(await migrate(database)).toEqual([])
    })

    it('run once when several nodes start at once on an empty database', async () => {
      const nodes = await Promise.all(Array.from({ length: 4 }, () => open({ migrate: false })))
      const ran = await Promise.all(nodes.map((node) => migrate(node)))
      expect(ran.flat()).toEqual(all)
      expect(await keys(nodes[3]!)).toEqual([])
    })

    it('run from where an older version left off, in order', async () => {
      const database = await open({ migrate: false })
      await migrate(database, [step(1), step(2)])
      expect(await migrate(database, [step(1), step(2), step(3), step(4)])).toEqual(['3-step', '4-step'])
      expect(await applied(database)).toEqual([1, 2, 3, 4])
    })

    it('leave nothing when one of them fails', async () => {
      const database = await open({ migrate: false })
      await migrate(database, [step(1)])
      const failing = step(3, { up: () => Promise.reject(new Error('a fault')) })
      await expect(migrate(database, [step(1), step(2), failing])).rejects.toThrow('a fault')
      expect(await applied(database)).toEqual([1])
      expect(await migrate(database, [step(1), step(2)])).toEqual(['2-step'])
    })

    it('of a newer version stop an older one where they did not only add', async () => {
      const database = await open({ migrate: false })
      await migrate(database, [step(1), step(2)])
      expect(await migrate(database, [step(1)])).toEqual([])
      await migrate(database, [step(1), step(2), step(3, { additive: false })])
      await expect(migrate(database, [step(1)])).rejects.toThrow(DatabaseTooNew)
      await expect(migrate(database, [step(1)])).rejects.toThrow('(3-step)')
    })
  })

  describe('settings', () => {
    it('keep one text per key, the last', async () => {
      const settings = settingTable(await open())
      expect(await settings.read('check')).toBeNull()
      await settings.write('check', 'one')
      await settings.write('check', 'two')
      expect(await settings.read('check')).toBe('two')
    })

    it('keep the first of several that are offered at once', async () => {
      const settings = settingTable(await open())
      const answers = await Promise.all(['a', 'b', 'c', 'd'].map((value) => settings.readOrWrite('check', value)))
      expect(new Set(answers)).toEqual(new Set([await settings.read('check')]))
    })
  })
})
