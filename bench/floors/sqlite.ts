/** The floor of creates on SQLite: a bare fastify route that inserts one row, durably. */
import { randomUUID } from 'node:crypto'
import Database from 'better-sqlite3'
import Fastify from 'fastify'
import { sayListening } from './listening.ts'

const database = new Database(process.env['DATABASE'])
database.pragma('journal_mode = WAL')
database.pragma('synchronous = FULL')
database.exec('create table if not exists payloads (id text not null primary key, body text not null)')
const insert = database.prepare('insert into payloads (id, body) values (?, ?)')

const app = Fastify()
app.post('/payload', async (request) => {
  const uuid = randomUUID()
  insert.run(uuid, JSON.stringify(request.body))
  return { uuid }
})
await app.listen({ port: 0, host: '127.0.0.1' })
sayListening(app.server)
process.once('SIGTERM', () => process.exit(0))
