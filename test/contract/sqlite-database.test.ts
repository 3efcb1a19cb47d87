import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DatabaseUnavailable } from '../../src/database-unavailable.ts'
import type { Database } from '../../src/storage/database.ts'
import { openDatabase } from '../../src/storage/open-database.ts'

describe('SQLite', () => {
  let folder: string
  let file: string
  let opened: Database[]

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'countersign-'))
    file = join(folder, 'data', 'countersign.db')
    opened = []
  })
  afterEach(async () => {
    await Promise.all(opened.map((database) => database.close()))
    await rm(folder, { recursive: true })
  })

  const open = async (url = `sqlite:${file}`, busyTimeout?: number): Promise<Database> => {
    const database = await openDatabase({ url, ...(busyTimeout === undefined ? {} : { busyTimeout }) })
    opened.push(database)
    return database
  }
  const insert = (database: Database, key: string): Promise<unknown> =>
    database.write((db) => db.insertInto('settings').values({ key, value: 'v' }).execute())
  const count = (database: Database): Promise<number> =>
    database.read(async (db) => (await db.selectFrom('settings').select('key').execute()).length)

  it('makes its folder and its files for the owner alone', async () => {
    await insert(await open(), 'kept')
    const mode = async (path: string) => (await stat(path)).mode & 0o777
    expect(await mode(join(folder, 'data'))).toBe(0o700)
    for (const suffix of ['', '-wal', '-shm']) expect(await mode(`${file}${suffix}`)).toBe(0o600)
  })

  it('has a commit wait for the disk', async () => {
    const database = await open()
    const pragma = (name: string) =>
      database.write(async (db) => Object.values((await sql<object>`pragma ${sql.raw(name)}`.execute(db)).rows[0]!))
    const full = 2
    expect(await pragma('journal_mode')).toEqual(['wal'])
    expect(await pragma('synchronous')).toEqual([full])
  })

  it('finds the mark of the last change in an index, however many payloads there are', async () => {
    const { mark, position } = (await open()).dialect.changeMarks
    const steps = await opened[0]!.write(async (db) => {
      const plan = await sql<{ detail: string }>`explain query plan select ${mark}, ${position}`.execute(db)
      return plan.rows.map(({ detail }) => detail).filter((detail) => detail.includes('payloads'))
    })
    expect(steps).toHaveLength(2)
    for (const step of steps) expect(step).toContain('INDEX payloads_changed')
  })

  it('waits for another process that writes, without blocking, and says so when that takes too long', async () => {
    const database = await open(undefined, 100)
    const patient = await open(undefined, 60_000)
    const other = new Sqlite(file)
    other.exec('begin immediate')
    await expect(insert(database, 'late')).rejects.toThrow(DatabaseUnavailable)
    await expect(insert(database, 'late')).rejects.toThrow('another process')

    const written = insert(patient, 'patient')
    expect(await count(patient)).toBe(0)
    other.exec('rollback')
    other.close()
    await written
    expect(await count(database)).toBe(1)
  })

  it('is shared with a second process that writes at the same time', async () => {
    const database = await open()
    const program = `
      import { openDatabase } from ${JSON.stringify(new URL('../../src/storage/open-database.ts', import.meta.url).href)}
      const database = await openDatabase({ url: process.argv[1] })
      for (let n = 0; n < 50; n++) {
        await database.write((db) => db.insertInto('settings').values({ key: 'theirs ' + n, value: 'v' }).execute())
      }
      await database.close()`
    const other = spawn(process.execPath, ['--input-type=module', '--eval', program, `sqlite:${file}`], {
      stdio: 'inherit',
    })
    const exited = once(other, 'exit')
    for (let n = 0; n < 50 || other.exitCode === null; n++) await insert(database, `ours ${n}`)
    expect(await exited).toEqual([0, null])
    const theirs = await database.read((db) =>
      db.selectFrom('settings').select('key').where('key', 'like', 'theirs %').execute(),
    )
    expect(theirs).toHaveLength(50)
  })

  it('in memory shows reads only what was committed, too', async () => {
    const database = await open('sqlite::memory:')
    const failing = database.write(async (db) => {
      await db.insertInto('settings').values({ key: 'uncommitted', value: 'v' }).execute()
      throw new Error('a fault')
    })
    const during = count(database)
    await expect(failing).rejects.toThrow('a fault')
    expect(await during).toBe(0)
  })

  it('asks for a database that can be one', async () => {
    await expect(openDatabase({ url: 'sqlite:' })).rejects.toThrow('needs a path')
    await expect(openDatabase({ url: 'mysql://localhost/x' })).rejects.toThrow('sqlite:PATH or postgres://')
  })
})
