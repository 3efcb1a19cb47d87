import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'vitest'
import { createPostgres, postgresMissing, type TemporaryDatabase } from './postgres.ts'

/** A kind of database that a suite is run on: `describe.each(databases)('… on $name', ({ create }) => …)`. */
export interface TestDatabase {
  readonly name: 'SQLite' | 'PostgreSQL'
  /** An empty database, its schema not made yet (`openDatabase` makes it); drop it after the last connection is closed. */
  readonly create: () => Promise<TemporaryDatabase>
}

const createSqlite = async (): Promise<TemporaryDatabase> => {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-'))
  return { url: `sqlite:${join(folder, 'test.db')}`, drop: () => rm(folder, { recursive: true }) }
}

const missing = await postgresMissing()

/** Those that can be had here. A file that imports this shows a skipped test for what cannot, with the reason. */
export const databases: readonly TestDatabase[] = [
  { name: 'SQLite', create: createSqlite },
  ...(missing === null ? [{ name: 'PostgreSQL' as const, create: createPostgres }] : []),
]

if (missing !== null) {
  console.warn(`SKIPPED on PostgreSQL: ${missing}`)
  test.skip(`on PostgreSQL: ${missing}`, () => undefined)
}
