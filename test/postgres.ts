import { randomUUID } from 'node:crypto'
import pg from 'pg'

/**
 * How tests get PostgreSQL: a database of their own on the server of `DATABASE_URL`, if that names one, else on the local
 * default, gone when they are done.
 */
const serverUrl = process.env['DATABASE_URL']?.startsWith('postgres')
  ? process.env['DATABASE_URL']
  : 'postgres://postgres@127.0.0.1:5432/postgres'

const onServer = async <T>(work: (client: pg.Client) => Promise<T>): Promise<T> => {
  const client = new pg.Client({ connectionString: serverUrl, connectionTimeoutMillis: 5_000 })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** Null when the server answers, else why it cannot be used. Where CI=true a missing server is a failure. */
export const postgresMissing = async (): Promise<string | null> => {
  try {
    await onServer((client) => client.query('select 1'))
    return null
  } catch (error) {
    const { host } = new URL(serverUrl)
    const reason = `no PostgreSQL at ${host} (${error instanceof Error ? error.message : String(error)})`
    if (process.env['CI'] === 'true') throw new Error(`CI needs PostgreSQL: ${reason}`, { cause: error })
    return reason
  }
}

export interface TemporaryDatabase {
  readonly url: string
  drop(): Promise<void>
}

/** An empty database. */
export const createPostgres = async (): Promise<TemporaryDatabase> => {
  const name = `countersign_test_${randomUUID().replaceAll('-', '')}`
  await onServer((client) => client.query(`create database ${name}`))
  const url = new URL(serverUrl)
  url.pathname = name
  return {
    url: url.href,
    drop: async () => {
      await onServer((client) => client.query(`drop database ${name} with (force)`))
    },
  }
}
