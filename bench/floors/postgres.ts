/** The floor of creates and details on PostgreSQL: a bare fastify route with one statement, and a pool of ten. */
import { randomUUID } from 'node:crypto'
import Fastify from 'fastify'
import pg from 'pg'
import { sayListening } from './listening.ts'

const pool = new pg.Pool({ connectionString: process.env['DATABASE']!, max: 10 })
await pool.query('create table if not exists floor_payloads (id text not null primary key, body text not null)')
// what there is to read, under the same ids
await pool.query('insert into floor_payloads select id, request from payloads on conflict do nothing')

const app = Fastify()
app.post('/payload', async (request) => {
  const uuid = randomUUID()
  await pool.query({
    name: 'insert',
    text: 'insert into floor_payloads (id, body) values ($1, $2)',
    values: [uuid, JSON.stringify(request.body)],
  })
  return { uuid }
})
app.get<{ Params: { id: string } }>('/payload/:id', async (request) => {
  const query = { name: 'read', text: 'select body from floor_payloads where id = $1', values: [request.params.id] }
  const { rows } = await pool.query<{ body: string }>(query)
  return JSON.parse(rows[0]!.body) as unknown
})
await app.listen({ port: 0, host: '127.0.0.1' })
sayListening(app.server)
process.once('SIGTERM', () => process.exit(0))
