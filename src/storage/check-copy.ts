import { isDeepStrictEqual } from 'node:util'
import { sql } from 'kysely'
import type { Payload } from '../payload/payload.ts'
import { anyTables, keyOf, pagesOf, valuesOf, type AnyTables, type Row } from './copy-table.ts'
import type { Database } from './database.ts'
import { foundOf, selectPayloads } from './payload-table.ts'
import type { TableShape } from './table-shape.ts'

/** Something is not the same in the copy as in the source. */
export class CopyDiffers extends Error {
  override readonly name = 'CopyDiffers'
}

/** Reads every row of the copy, and that it was copied from; they are as many, and the same. @throws CopyDiffers */
export const expectSameTable = async (source: AnyTables, copy: AnyTables, table: TableShape): Promise<void> => {
  const { name, columns, key } = table
  const identityOf = (row: Row): string => JSON.stringify(key.map((column) => row[column]))
  for await (const page of pagesOf(copy, table)) {
    const keys = sql.join(page.map((row) => valuesOf(key, row)))
    const originals = await source
      .selectFrom(name)
      .select([...columns])
      .where(sql<boolean>`${keyOf(key)} in (values ${keys})`)
      .execute()
    const original = new Map(originals.map((row) => [identityOf(row), row]))
    const changed = page.find((row) => !isDeepStrictEqual({ ...row }, { ...original.get(identityOf(row)) }))
    if (changed !== undefined) throw new CopyDiffers(`The row ${identityOf(changed)} of ${name} is not the same.`)
  }
  const [before, after] = await Promise.all([countOf(source, name), countOf(copy, name)])
  if (before !== after) throw new CopyDiffers(`Of the ${before} rows of ${name} ${after} are in the destination.`)
}

const countOf = async (db: AnyTables, name: string): Promise<number> =>
  (
    await db
      .selectFrom(name)
      .select(sql<number>`count(*)`.as('count'))
      .executeTakeFirstOrThrow()
  ).count

/** Reads every payload from both sides as the payload store does. @throws CopyDiffers */
export const expectSamePayloads = (source: Database, copy: Database): Promise<void> =>
  source.read(async (db) => {
    for await (const page of pagesOf(anyTables(db), { name: 'payloads', columns: ['id'], key: ['id'] })) {
      const ids = page.map(({ id }) => id as string)
      const [before, after] = await Promise.all([readPayloads(source, ids), readPayloads(copy, ids)])
      const changed = ids.find((id) => !isDeepStrictEqual(before.get(id), after.get(id)))
      if (changed !== undefined) throw new CopyDiffers(`The payload ${changed} is not read as it was.`)
    }
  })

const readPayloads = (database: Database, ids: readonly string[]): Promise<ReadonlyMap<string, Payload>> =>
  database.read(async (db) => {
    const rows = await selectPayloads(db, database).where('id', 'in', ids).execute()
    return new Map(rows.map((row) => [row.id, foundOf(row).payload]))
  })
