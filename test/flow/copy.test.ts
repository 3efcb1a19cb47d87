import { createHash, randomUUID } from 'node:crypto'
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { copyCommand } from '../../src/cli/copy-command.ts'
import { expectSamePayloads } from '../../src/storage/check-copy.ts'
import { copyDatabase, staysBehind } from '../../src/storage/copy-database.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { startTestServer } from '../../src/testing.ts'
import { databases } from '../databases.ts'
import { environmentToGoOn, expectItGoesOn } from '../fixtures/goes-on.ts'
import { makeRecordedDatabase } from '../fixtures/recorded-database.ts'
import { createPostgres, type TemporaryDatabase } from '../postgres.ts'
import { WebhookReceiver } from '../webhook-receiver.ts'

const hasPostgres = databases.some(({ name }) => name === 'PostgreSQL')

describe.runIf(hasPostgres)('countersign copy', () => {
  let folder: string
  let path: string
  let destination: TemporaryDatabase

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'countersign-'))
    path = join(folder, 'countersign.db')
    destination = await createPostgres()
  })
  afterEach(async () => {
    await destination.drop()
    await rm(folder, { recursive: true })
  })

  /** `countersign copy` in this process. @returns what it prints */
  const copy = async (...options: string[]): Promise<string> => {
    let printed = ''
    const command = copyCommand((text) => (printed += text))
    await command.parseAsync(['--from', `sqlite:${path}`, '--to', destination.url, ...options], { from: 'user' })
    return printed
  }
  const copyJson = async (...options: string[]): Promise<any> => JSON.parse(await copy('--json', ...options))
  const inSource = <T>(work: (db: Sqlite.Database) => T): T => {
    const db = new Sqlite(path)
    try {
      return work(db)
    } finally {
      db.close()
    }
  }
  const inDestination = async (text: string): Promise<any[]> => {
    const types = new pg.TypeOverrides()
    types.setTypeParser(pg.types.builtins.INT8, Number)
    const client = new pg.Client({ connectionString: destination.url, types })
    await client.connect()
    try {
      return (await client.query(text)).rows
    } finally {
      await client.end()
    }
  }
  const tablesOfDestination = async (): Promise<string[]> =>
    (await inDestination(`select tablename from pg_tables where schemaname = 'public' order by tablename`)).map(
      ({ tablename }) => tablename as string,
    )
  const expectNothingThere = async () => expect(await tablesOfDestination()).toEqual([])
  const check = () => Promise.resolve()

  it('takes every row of every table, and leaves the source as it is', async () => {
    await makeRecordedDatabase(path)
    inSource((db) => db.exec('update payloads set changed_in = created_at'))
    const before = await fingerprint(folder)
    const { tables, secret_key_file: keyFile } = await copyJson()
    expect(keyFile).toBe(`${path}.key`)
    expect(await fingerprint(folder)).toEqual(before)

    // as each database tells it, so that a table of a later migration cannot be left out
    const inBoth = inSource((db) =>
      db.prepare(`select name from sqlite_schema where type = 'table' order by name`).pluck().all(),
    )
    expect(await tablesOfDestination()).toEqual(inBoth)
    expect(Object.keys(tables).sort()).toEqual(inBoth.filter((name) => name !== 'migrations'))
    for (const [name, rows] of Object.entries(tables)) {
      const left = (staysBehind as Record<string, readonly string[]>)[name] ?? []
      const expected = inSource((db) => db.prepare(`select * from ${name}`).all() as Record<string, unknown>[])
      for (const column of left) for (const row of expected) row[column] = null
      // a table without rows proves nothing: give it some in test/fixtures/recorded-database.ts
      expect(expected, name).not.toEqual([])
      expect(rows).toBe(expected.length)
      const arrived = await inDestination(`select * from ${name}`)
      expect(sorted(arrived), name).toEqual(sorted(expected))
    }
    // what has meaning in one database only
    expect(await inDestination('select * from payloads where changed_in is not null')).toEqual([])
  })

  it('makes a database on which a server goes on', async () => {
    const receiver = new WebhookReceiver()
    const known = await makeRecordedDatabase(path, new URL(await receiver.start()).origin)
    await copy()
    const server = await startTestServer({ environment: { DATABASE_URL: destination.url, ...environmentToGoOn } })
    try {
      await expectItGoesOn(server, known, receiver)
    } finally {
      await server.close()
      await receiver.stop()
    }
  })

  it('takes what a server that was killed had committed and not yet moved from its -wal file', async () => {
    const original = join(folder, 'original.db')
    await makeRecordedDatabase(original)
    const running = new Sqlite(original)
    running.exec(`insert into settings values ('last', 'words 🖋️')`)
    for (const ending of ['', '-wal']) await copyFile(`${original}${ending}`, `${path}${ending}`)
    await copyFile(`${original}.key`, `${path}.key`)
    running.close()
    await copy()
    expect(await inDestination(`select value from settings where key = 'last'`)).toEqual([{ value: 'words 🖋️' }])
  })

  it('goes page by page', async () => {
    await makeRecordedDatabase(path)
    const payloads = 1_234
    inSource((db) => {
      const row = db.prepare('select * from payloads limit 1').get() as Record<string, unknown>
      const names = Object.keys(row)
      const insert = db.prepare(`insert into payloads (${names.join()}) values (${names.map(() => '?').join()})`)
      const existing = db.prepare('select count(*) from payloads').pluck().get() as number
      for (let index = existing; index < payloads; index++) {
        insert.run(...Object.values({ ...row, id: randomUUID(), identifier: `number ${index}` }))
      }
    })
    const { tables } = await copyJson()
    expect(tables).toMatchObject({ payloads })
    expect(await inDestination('select count(*)::integer as n from payloads')).toEqual([{ n: payloads }])
  })

  it('tells people what to set, and no secret', async () => {
    await makeRecordedDatabase(path)
    const printed = await copy()
    expect(printed).toContain('payloads: 14\n')
    expect(printed).toContain(`COUNTERSIGN_SECRET_KEY  = "$(cat ${path}.key)"`)
    expect(printed).not.toContain(environmentToGoOn.COUNTERSIGN_SECRET_KEY)
  })

  it('takes the key that is given, if it is the right one', async () => {
    await makeRecordedDatabase(path)
    await expect(copy('--secret-key', 'f'.repeat(64))).rejects.toThrow(
      `not the key that the secrets in the source were sealed with; leave it out and the one in ${path}.key is taken`,
    )
    await expectNothingThere()
    await rm(`${path}.key`)
    await expect(copy()).rejects.toThrow(`there is no ${path}.key; give the key`)
    expect(await readdir(folder)).toEqual(['countersign.db'])
    await writeFile(`${path}.key`, 'e'.repeat(64))
    await expect(copy()).rejects.toThrow(`the key in ${path}.key is not the key`)
    const { secret_key_file: file } = await copyJson('--secret-key', environmentToGoOn.COUNTERSIGN_SECRET_KEY)
    expect(file).toBeNull()
  })

  it('compares payloads as servers read them, with everything that hangs on them', async () => {
    await makeRecordedDatabase(path)
    await copy()
    const original = await openDatabase({ url: `sqlite:${path}` })
    const copied = await openDatabase({ url: destination.url })
    await expectSamePayloads(original, copied)
    await inDestination(`update opens set position = 5 where position = 0`)
    await expectSamePayloads(original, copied)
    await inDestination(`update opens set origin = 'XAPP' where payload_id = (select max(payload_id) from opens)`)
    await expect(expectSamePayloads(original, copied)).rejects.toThrow(/^The payload .* is not read as it was/)
    await Promise.all([original.close(), copied.close()])
  })

  describe('refuses', () => {
    it('a destination that somebody used before', async () => {
      await makeRecordedDatabase(path)
      await openDatabase({ url: destination.url }).then((database) => database.close())
      await inDestination(`insert into settings values ('something', 'old')`)
      await expect(copy()).rejects.toThrow('The destination is not empty: there are rows in settings.')
      expect(await inDestination('select key from settings')).toEqual([{ key: 'something' }])
      expect(await inDestination('select * from applications')).toEqual([])
      // nothing but migrations
      await inDestination(`delete from settings`)
      await expect(copyJson()).resolves.toMatchObject({ tables: { payloads: 14 } })
      await expect(copy()).rejects.toThrow('The destination is not empty')
    })

    it('a source that a server is running on, and keeps others out while it is at work', async () => {
      await makeRecordedDatabase(path)
      const server = await startTestServer({ environment: { DATABASE_URL: `sqlite:${path}` } })
      await expect(copy()).rejects.toThrow(`${path} is in use: stop the server on it`)
      await server.close()
      const late = () => openDatabase({ url: `sqlite:${path}`, busyTimeout: 50 })
      const refusals: unknown[] = []
      const tryToOpen = async (): Promise<void> => {
        await late().catch((error: unknown) => refusals.push(error))
      }
      await copyDatabase({ from: path, to: destination.url, check: tryToOpen })
      expect(refusals).toEqual([expect.anything(), expect.anything()])
      await (await late()).close()
    })

    it('a source of an older or a newer version, and says what to do', async () => {
      await makeRecordedDatabase(path)
      const [newest] = inSource((db) => db.prepare('select * from migrations order by number desc').all() as any[])
      inSource((db) => db.prepare('delete from migrations where number = ?').run(newest.number))
      await expect(copy()).rejects.toThrow(`(it lacks ${newest.name}): make a backup, run "countersign migrate" on it`)
      inSource((db) => {
        const insert = db.prepare('insert into migrations values (?, ?, 1, 0)')
        insert.run(newest.number, newest.name)
        insert.run(9999, '9999-later')
      })
      await expect(copy()).rejects.toThrow('(it has 9999-later): copy it with that version')
      await expectNothingThere()
    })

    it('what is no database of Countersign', async () => {
      await writeFile(`${path}.key`, 'e'.repeat(64))
      await expect(copy()).rejects.toThrow(`There is no SQLite database at ${path}`)
      inSource((db) => db.exec('create table other (one text)'))
      await expect(copy()).rejects.toThrow('The source is no database of Countersign.')
      await writeFile(path, 'a text that is long enough to be read as the head of a database')
      await expect(copy()).rejects.toThrow('file is not a database')
      await expect(copy('--from', destination.url)).rejects.toThrow('--from must be sqlite:')
      await expect(copy('--to', `sqlite:${path}`)).rejects.toThrow('--to must be postgres:')
    })
  })

  describe('leaves nothing behind', () => {
    it('when the copy turns out wrong at the end', async () => {
      await makeRecordedDatabase(path)
      const checked: string[] = []
      const failing = copyDatabase({
        from: path,
        to: destination.url,
        check: async ({ dialect }) => {
          checked.push(dialect.name)
          if (checked.length === 2) throw new Error('it is not the same')
        },
      })
      await expect(failing).rejects.toThrow('it is not the same')
      expect(checked).toEqual(['sqlite', 'postgres'])
      await expectNothingThere()
    })

    it('when PostgreSQL cannot store what SQLite could', async () => {
      await makeRecordedDatabase(path)
      inSource((db) => db.prepare(`update deliveries set body = 'a' || char(0) || 'b' where state = 'failed'`).run())
      await expect(copy()).rejects.toThrow(/^PostgreSQL cannot store a row of deliveries: .*0x00/)
      await expectNothingThere()
    })

    it.each([
      ['a row arrives changed', 'opens', 'before', `new.origin := 'XAPP'; return new`, /^The row .* of opens is not/],
      ['a row does not arrive', 'opens', 'before', `return null`, 'Of the 10 rows of opens 0 are in the destination.'],
      [
        'a payload is read otherwise in the end',
        'deliveries',
        'after',
        `update payloads set custom_meta = '{}' where id = new.payload_id; return null`,
        /^The row .* of payloads is not the same/,
      ],
    ])('when %s', async (_, table, when, body, message) => {
      await makeRecordedDatabase(path)
      await openDatabase({ url: destination.url }).then((database) => database.close())
      await inDestination(`create function spoil() returns trigger language plpgsql as $$ begin ${body}; end $$`)
      await inDestination(`create trigger spoil ${when} insert on ${table} for each row execute function spoil()`)
      await expect(copy()).rejects.toThrow(message)
      expect(await inDestination('select * from users')).toEqual([])
    })

    it('when its connection is lost on the way', async () => {
      await makeRecordedDatabase(path)
      const ending = `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`
      const lost = copyDatabase({
        from: path,
        to: destination.url,
        check: async ({ dialect }) => {
          if (dialect.name === 'postgres') await inDestination(ending)
        },
      })
      await expect(lost).rejects.toThrow('PostgreSQL cannot be used')
      await expectNothingThere()
      await copyDatabase({ from: path, to: destination.url, check })
    })
  })
})

/** What each file holds. */
const fingerprint = async (folder: string): Promise<Record<string, string>> => {
  const names = (await readdir(folder)).sort()
  const hash = async (name: string) =>
    [
      name,
      createHash('sha256')
        .update(await readFile(join(folder, name)))
        .digest('hex'),
    ] as const
  return Object.fromEntries(await Promise.all(names.map(hash)))
}

const sorted = (rows: readonly Record<string, unknown>[]): string[] =>
  rows.map((row) => JSON.stringify(Object.entries(row).sort(([one], [other]) => (one < other ? -1 : 1)))).sort()
