import { sql, type Kysely } from 'kysely'
import type { ReadonlyKysely } from 'kysely/readonly'
import type { Schema } from './schema.ts'
import type { TableShape } from './table-shape.ts'

/** A database whose tables are known only when it runs. */
export type AnyTables = Kysely<Record<string, Row>>

export type Row = Record<string, unknown>

export const anyTables = (db: Kysely<Schema> | ReadonlyKysely<Schema>): AnyTables => db as unknown as AnyTables

/** Copies every row of a table into its like. @returns how many */
export const copyTable = async (from: AnyTables, to: AnyTables, table: TableShape): Promise<number> => {
  let copied = 0
  for await (const page of pagesOf(from, table)) {
    await to.insertInto(table.name).values(page).execute()
    copied += page.length
  }
  return copied
}

/** Rows in memory at once. A payload can be as large as a request, 256 KiB. */
const pageSize = 200

/** In the order of the key, as the database sees it, from where the page before ended. */
export async function* pagesOf(
  db: AnyTables,
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

/** The columns as one value, as `valuesOf` is. */
export const keyOf = (key: readonly string[]) => sql`(${sql.join(key.map((column) => sql.ref(column)))})`

export const valuesOf = (key: readonly string[], row: Row) => sql`(${sql.join(key.map((column) => row[column]))})`
