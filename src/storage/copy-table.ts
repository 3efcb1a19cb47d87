import { isDeepStrictEqual } from 'node:util'
import { sql, type Kysely } from 'kysely'
import type { TableShape } from './table-shape.ts'

/** Something was not the same in the destination as in the source. */
export class CopyDiffers extends Error {
  override readonly name = 'CopyDiffers'
}

/** A database whose tables are known only when it runs. */
export type AnyTables = Record<string, Row>

type Row = Record<string, unknown>

/** Rows in memory at once. A payload can be as large as a request, 256 KiB. */
const pageSize = 200

/**
 * Copies every row of a table, and reads back and compares each. The destination's table is empty before.
 *
 * @returns how many rows
 */
export const copyTable = async (from: Kysely<AnyTables>, to: Kysely<AnyTables>, table: TableShape): Promise<number> => {
  let copied = 0
  for await (const page of pagesOf(from, table)) {
    await to.insertInto(table.name).values(page).execute()
    await expectSame(to, table, page)
    copied += page.length
  }
  const count = sql<number>`count(*)`.as('rows')
  const [before, after] = await Promise.all(
    [from, to].map((db) => db.selectFrom(table.name).select(count).executeTakeFirstOrThrow()),
  )
  if (before?.rows !== copied || after?.rows !== copied) {
    throw new CopyDiffers(`${table.name} has ${before?.rows} rows, of which ${after?.rows} are in the destination.`)
  }
  return copied
}

/** In the order of the key, from where the page before ended. */
export async function* pagesOf(
  db: Kysely<AnyTables>,
  { name, columns, key }: Omit<TableShape, 'references'>,
): AsyncGenerator<Row[]> {
  const selecting = db
    .selectFrom(name)
    .select([...columns])
    .limit(pageSize)
  const inOrder = key.reduce((query, column) => query.orderBy(column), selecting)
  let page: Row[] = await inOrder.execute()
  while (page.length > 0) {
    yield page
    const after = sql<boolean>`${keyOf(key)} > ${valuesOf(key, page.at(-1)!)}`
    page = page.length < pageSize ? [] : await inOrder.where(after).execute()
  }
}

const keyOf = (key: readonly string[]) => sql`(${sql.join(key.map((column) => sql.ref(column)))})`
const valuesOf = (key: readonly string[], row: Row) => sql`(${sql.join(key.map((column) => row[column]))})`

const expectSame = async (
  db: Kysely<AnyTables>,
  { name, columns, key }: TableShape,
  page: readonly Row[],
): Promise<void> => {
  const keys = page.map((row) => valuesOf(key, row))
  const found = await db
    .selectFrom(name)
    .select([...columns])
    .where(sql<boolean>`${keyOf(key)} in (${sql.join(keys)})`)
    .execute()
  const identity = (row: Row): string => JSON.stringify(key.map((column) => row[column]))
  const byKey = new Map(found.map((row) => [identity(row), row]))
  for (const row of page) {
    if (!isDeepStrictEqual({ ...row }, { ...byKey.get(identity(row)) })) {
      throw new CopyDiffers(`The row ${identity(row)} of ${name} is not the same in the destination.`)
    }
  }
}
