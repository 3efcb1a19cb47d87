import Sqlite from 'better-sqlite3'
import pg from 'pg'
import { postgresId, sqliteId } from './payload-id.ts'

/** Rows made of one that the server wrote itself: payload, opens and webhooks, under ids of their own. */
export interface Copies {
  /** The payload that is copied with all that hangs on it. */
  readonly modelId: string
  /** The numbers of the copies: from, and below until. */
  readonly from: number
  readonly until: number
}

/** How a table hangs on the payload, and which of its columns are ids: 0 of the payload, 1 of its delivery. */
interface CopiedTable {
  readonly table: string
  readonly model: string
  readonly ids: Readonly<Record<string, number>>
}

const tables: readonly CopiedTable[] = [
  { table: 'payloads', model: 'id = $model', ids: { id: 0 } },
  { table: 'opens', model: 'payload_id = $model', ids: { payload_id: 0 } },
  { table: 'deliveries', model: 'payload_id = $model', ids: { id: 1, payload_id: 0 } },
  {
    table: 'attempts',
    model: 'delivery_id in (select id from deliveries where payload_id = $model)',
    ids: { delivery_id: 1 },
  },
]

/** Rows inserted by one statement. */
const batch = 100_000
/** From so many on, indexes are dropped before and made anew after. */
const many = 200_000

export const makeCopies = async (url: string, copies: Copies): Promise<void> =>
  url.startsWith('sqlite:') ? copyInSqlite(url.slice('sqlite:'.length), copies) : copyInPostgres(url, copies)

const statement = (copied: CopiedTable, columns: readonly string[], series: string, id: (kind: number) => string) => {
  const values = columns.map((column) => {
    const kind = copied.ids[column]
    if (kind !== undefined) return id(kind)
    // one a millisecond, so that the newest first is an order
    return column === 'created_at' ? 'created_at - n' : column
  })
  const { table, model } = copied
  return `insert into ${table} (${columns.join(', ')}) select ${values.join(', ')}
    from ${series}, (select * from ${table} where ${model}) as model`
}

const copyInSqlite = (path: string, { modelId, from, until }: Copies): void => {
  const database = new Sqlite(path)
  for (const pragma of ['foreign_keys = OFF', 'synchronous = OFF', 'cache_size = -2000000']) database.pragma(pragma)
  const indexes = database
    .prepare<[], { name: string; sql: string }>(
      "select name, sql from sqlite_master where type = 'index' and sql is not null",
    )
    .all()
  const isMany = until - from >= many
  if (isMany) for (const { name } of indexes) database.exec(`drop index ${name}`)
  const series =
    '(with recursive series(n) as (select $from union all select n + 1 from series where n + 1 < $until) select n from series)'
  for (const copied of tables) {
    const columns = (database.pragma(`table_info(${copied.table})`) as { name: string }[]).map(({ name }) => name)
    const insert = database.prepare(statement(copied, columns, series, sqliteId))
    for (let at = from; at < until; at += batch) {
      // as integers: a number would be calculated with as a double
      insert.run({ model: modelId, from: BigInt(at), until: BigInt(Math.min(at + batch, until)) })
    }
  }
  if (isMany) for (const { sql } of indexes) database.exec(sql)
  database.pragma('wal_checkpoint(truncate)')
  database.close()
}

const copyInPostgres = async (url: string, { modelId, from, until }: Copies): Promise<void> => {
  const client = new pg.Client(url)
  await client.connect()
  // neither foreign keys nor the disk need to look at every row
  for (const setting of [
    'session_replication_role = replica',
    'synchronous_commit = off',
    "maintenance_work_mem = '1GB'",
  ]) {
    await client.query(`set ${setting}`)
  }
  const names = tables.map(({ table }) => table)
  const indexes = await client.query<{ indexname: string; indexdef: string }>(
    `select indexname, indexdef from pg_indexes where tablename = any($1)
      and indexname not in (select conname from pg_constraint)`,
    [names],
  )
  const isMany = until - from >= many
  if (isMany) for (const { indexname } of indexes.rows) await client.query(`drop index ${indexname}`)
  for (const copied of tables) {
    const columns = await client.query<{ column_name: string }>(
      'select column_name from information_schema.columns where table_name = $1 and table_schema = current_schema',
      [copied.table],
    )
    const text = statement(
      copied,
      columns.rows.map(({ column_name: name }) => name),
      'generate_series($2::bigint, $3::bigint) as series(n)',
      postgresId,
    ).replace('$model', '$1')
    for (let at = from; at < until; at += batch) {
      await client.query(text, [modelId, at, Math.min(at + batch, until) - 1])
    }
  }
  if (isMany) for (const { indexdef } of indexes.rows) await client.query(indexdef)
  await client.query('vacuum analyze')
  await client.end()
}
