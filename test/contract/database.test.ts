import type { Kysely } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../../src/storage/database.ts'
import { DatabaseTooNew, dueMigrations, migrate, OlderNodesMustStop } from '../../src/storage/migrate.ts'
import type { Migration } from '../../src/storage/migrations/migration.ts'
import { migrations } from '../../src/storage/migrations/migrations.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import type { Schema } from '../../src/storage/schema.ts'
import { settingTable } from '../../src/storage/setting-table.ts'
import { databases } from '../databases.ts'
import { movableClock } from '../movable-clock.ts'
import type { TemporaryDatabase } from '../postgres.ts'

describe.each(databases)('database on $name', (kind) => {
  let temporary: TemporaryDatabase
  let database: Database

  beforeAll(async () => {
    temporary = await kind.create()
    database = await openDatabase({ url: temporary.url })
  })
  beforeEach(() => database.write((db) => db.deleteFrom('settings').execute()))
  afterAll(async () => {
    await database.close()
    await temporary.drop()
  })

  const insert = (db: Kysely<Schema>, key: string) => db.insertInto('settings').values({ key, value: 'v' }).execute()
  const keys = (of: Database): Promise<string[]> =>
    of.read(async (db) => {
      const rows = await db.selectFrom('settings').select('key').orderBy('key').execute()
      return rows.map(({ key }) => key)
    })

  describe('a write', () => {
    it('is there after the database was closed and opened again', async () => {
      const first = await openDatabase({ url: temporary.url })
      await first.write((db) => insert(db, 'kept'))
      await first.close()
      const second = await openDatabase({ url: temporary.url })
      expect(await keys(second)).toEqual(['kept'])
      await second.close()
    })

    it('that fails leaves nothing, and those at the same time are not touched', async () => {
      const names = Array.from({ length: 30 }, (_, index) => `${100 + index}`)
      const answers = await Promise.allSettled(
        names.map((key, index) =>
          database.write(async (db) => {
            await insert(db, key)
            if (index % 3 === 0) throw new Error('a fault')
            if (index % 3 === 1) await insert(db, key)
          }),
        ),
      )
      const succeeded = names.filter((_, index) => answers[index]!.status === 'fulfilled')
      expect(succeeded).toHaveLength(10)
      expect(await keys(database)).toEqual(succeeded)
    })

    it('is not seen by reads before it is committed', async () => {
      let during: string[] = ['not read yet']
      await database.write(async (db) => {
        await insert(db, 'uncommitted')
        during = await keys(database)
      })
      expect(during).toEqual([])
      expect(await keys(database)).toEqual(['uncommitted'])
    })

    it('waits for another to the same row, and its clock is later', async () => {
      await database.write((db) => insert(db, 'row'))
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
    const tellings = (of: Database) =>
      Promise.all([
        of.now(),
        of.write((_, now) => now()),
        of.read(async (db) => (await db.selectNoFrom(of.clock().as('now')).executeTakeFirstOrThrow()).now),
      ])

    it('tells whole milliseconds as numbers, in and outside of statements', async () => {
      for (const time of await tellings(database)) {
        expect(Number.isSafeInteger(time)).toBe(true)
        expect(Math.abs(time - Date.now())).toBeLessThan(10_000)
      }
    })

    it('is the one it was given, everywhere', async () => {
      const clock = movableClock()
      const clocked = await openDatabase({ url: temporary.url, clock })
      clock.time += 12_345
      expect(await tellings(clocked)).toEqual([clock.time, clock.time, clock.time])
      await clocked.close()
    })
  })

  it('answers a ping', async () => {
    await expect(database.ping()).resolves.toBeUndefined()
  })

  describe('migrations', () => {
    let empty: TemporaryDatabase
    let nodes: Database[]

    beforeEach(async () => {
      empty = await kind.create()
      nodes = await Promise.all(Array.from({ length: 4 }, () => openDatabase({ url: empty.url, migrate: 'none' })))
    })
    afterEach(async () => {
      await Promise.all(nodes.map((node) => node.close()))
      await empty.drop()
    })

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

    /** @returns the names of what was run */
    const run = async (
      node: Database,
      known: readonly Migration[],
      allowed?: 'additive' | 'all',
    ): Promise<string[]> => {
      const options = allowed === undefined ? { known } : { known, allowed }
      return (await migrate(node, options)).map(({ name }) => name)
    }

    it('run once', async () => {
      const node = nodes[0]!
      expect(await run(node, migrations)).toEqual(all)
      expect(await run(node, migrations)).toEqual([])
    })

    it('run once when several nodes start at once on an empty database', async () => {
      const ran = await Promise.all(nodes.map((node) => run(node, migrations)))
      expect(ran.flat()).toEqual(all)
      expect(await keys(nodes[3]!)).toEqual([])
    })

    it('run from where an older version left off, in order', async () => {
      const node = nodes[0]!
      await run(node, [step(1), step(2)])
      expect(await run(node, [step(1), step(2), step(3), step(4)])).toEqual(['3-step', '4-step'])
      expect(await applied(node)).toEqual([1, 2, 3, 4])
    })

    it('leave nothing when one of them fails', async () => {
      const node = nodes[0]!
      await run(node, [step(1)])
      const failing = step(3, { up: () => Promise.reject(new Error('a fault')) })
      await expect(run(node, [step(1), step(2), failing])).rejects.toThrow('a fault')
      expect(await applied(node)).toEqual([1])
      expect(await run(node, [step(1), step(2)])).toEqual(['2-step'])
    })

    it('of a newer version stop an older one where they did not only add', async () => {
      const node = nodes[0]!
      await run(node, [step(1), step(2)])
      expect(await run(node, [step(1)])).toEqual([])
      await run(node, [step(1), step(2), step(3, { additive: false })])
      await expect(run(node, [step(1)])).rejects.toThrow(DatabaseTooNew)
      await expect(run(node, [step(1)])).rejects.toThrow('(3-step)')
    })

    it('that do more than add wait for an operator where older nodes may be at work', async () => {
      const node = nodes[0]!
      await run(node, [step(1)], 'additive')
      const newer = [step(1), step(2), step(3, { additive: false })]
      await expect(run(node, newer, 'additive')).rejects.toThrow(OlderNodesMustStop)
      await expect(run(node, newer, 'additive')).rejects.toThrow(/\(3-step\): stop all of them.* "countersign migrate"/)
      expect(await applied(node)).toEqual([1])
      expect(await run(node, newer, 'all')).toEqual(['2-step', '3-step'])
      expect(await run(node, newer, 'additive')).toEqual([])
      expect(await run(node, [...newer, step(4)], 'additive')).toEqual(['4-step'])
    })

    it('that do more than add are run on a fresh database by whoever comes first', async () => {
      const newest = [step(1), step(2, { additive: false })]
      const ran = await Promise.all(nodes.map((node) => run(node, newest, 'additive')))
      expect(ran.flat()).toEqual(['1-step', '2-step'])
    })

    it('are told before they are run', async () => {
      const node = nodes[0]!
      const due = async (known: readonly Migration[]) => (await dueMigrations(node, known)).map(({ name }) => name)
      expect(await due([step(1), step(2)])).toEqual(['1-step', '2-step'])
      await run(node, [step(1)])
      expect(await due([step(1), step(2)])).toEqual(['2-step'])
      expect(await applied(node)).toEqual([1])
    })
  })

  describe('settings', () => {
    it('keep one text per key, the last', async () => {
      const settings = settingTable(database)
      expect(await settings.read('check')).toBeNull()
      await settings.write('check', 'one')
      await settings.write('check', 'two')
      expect(await settings.read('check')).toBe('two')
    })

    it('keep the first of several that are offered at once', async () => {
      const settings = settingTable(database)
      const answers = await Promise.all(['a', 'b', 'c', 'd'].map((value) => settings.readOrWrite('check', value)))
      expect(new Set(answers)).toEqual(new Set([await settings.read('check')]))
    })
  })
})
