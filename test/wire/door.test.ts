import { connect, type AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DatabaseUnavailable } from '../../src/database-unavailable.ts'
import { sendCallReference } from '../../src/http/call-reference.ts'
import { answerErrors } from '../../src/http/error-answer.ts'
import { acceptJsonBodies, bodyLimit, bodyOf } from '../../src/http/json-body.ts'
import { serverOptions } from '../../src/http/server-options.ts'
import { answerUnknownEndpoint } from '../../src/http/unknown-endpoint.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const logged: string[] = []
let app: FastifyInstance
let base: string

beforeAll(async () => {
  app = fastify({ ...serverOptions, logger: { level: 'warn', stream: { write: (line: string) => logged.push(line) } } })
  sendCallReference(app)
  acceptJsonBodies(app)
  answerErrors(app)
  app.setNotFoundHandler(answerUnknownEndpoint)
  app.all('/api/echo', async (request) => ({ got: bodyOf(request) }))
  app.get('/api/fault', async () => {
    throw new Error('the detail')
  })
  app.get('/api/unavailable', async () => {
    throw new DatabaseUnavailable('connection refused')
  })
  base = await app.listen({ port: 0, host: '127.0.0.1' })
})

afterAll(() => app.close())

const call = async (path: string, init: RequestInit & { duplex?: 'half' } = {}) => {
  const response = await fetch(base + path, init)
  expect(response.headers.get('x-call-ref')).toMatch(uuid)
  return { status: response.status, reference: response.headers.get('x-call-ref'), body: await response.json() }
}

test.each([
  undefined,
  'application/json',
  'text/plain',
  'application/x-www-form-urlencoded',
  ';;;',
  'multipart/form-data',
])('a body is JSON, and an empty one none, with the Content-Type %j', async (type) => {
  const headers = type === undefined ? {} : { 'content-type': type }
  const body = Buffer.from('{"a":1}')
  expect((await call('/api/echo', { method: 'POST', headers, body })).body).toEqual({ got: { json: { a: 1 } } })
  expect((await call('/api/echo', { method: 'DELETE', headers })).body).toEqual({ got: {} })
  expect((await call('/api/echo', { method: 'POST', headers, body: Buffer.alloc(0) })).body).toEqual({ got: {} })
})

test('a body over the limit is refused, whether its length is announced or not', async () => {
  const body = Buffer.alloc(bodyLimit + 1, 0x20)
  const refused = { status: 413, body: { error: { code: 413, message: expect.any(String) } } }
  expect(await call('/api/echo', { method: 'POST', body })).toMatchObject(refused)
  const stream = new Blob([body]).stream()
  expect(await call('/api/echo', { method: 'POST', body: stream, duplex: 'half' })).toMatchObject(refused)
})

test('a body of exactly the limit is read', async () => {
  const body = Buffer.from(JSON.stringify('x'.repeat(bodyLimit - 2)))
  expect((await call('/api/echo', { method: 'POST', body })).status).toBe(200)
})

test('a fault is answered neutrally and logged under the same reference', async () => {
  const { status, body, reference } = await call('/api/fault')
  expect({ status, body }).toEqual({
    status: 500,
    body: { error: { reference, code: 500, message: expect.not.stringContaining('the detail') } },
  })
  const line = JSON.parse(logged.at(-1) ?? '{}')
  expect(line).toMatchObject({ reference, err: { message: 'the detail' } })
})

test('a database that cannot be reached is answered with a code of its own, and logged', async () => {
  const { status, body, reference } = await call('/api/unavailable')
  expect({ status, body }).toMatchObject({ status: 503, body: { error: { reference, code: 605 } } })
  expect(JSON.parse(logged.at(-1) ?? '{}')).toMatchObject({ reference, err: { message: 'connection refused' } })
})

test.each(['/api/nothing?x=1', '/nothing?x=1', '//api//nothing//?x=1', '/api/%zz?x=1'])(
  'the unknown endpoint %s is answered in the form SDKs know',
  async (path) => {
    const { status, body } = await call(path, { method: 'PUT' })
    expect(status).toBe(404)
    expect(body).toEqual({
      error: true,
      message: 'Endpoint unknown or method invalid for given endpoint',
      reference: '',
      code: 404,
      req: expect.stringMatching(/^\/(api\/)?(nothing|%25zz)$/),
      method: 'PUT',
    })
  },
)

test('a cross-origin preflight gets no permission', async () => {
  const response = await fetch(`${base}/api/v1/platform/ping`, {
    method: 'OPTIONS',
    headers: { origin: 'https://shop.test', 'access-control-request-method': 'GET' },
  })
  expect(response.status).toBe(404)
  expect([...response.headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([])
})

test('what is no HTTP request is answered in the same form', async () => {
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1')
  socket.end('NONSENSE\r\n\r\n')
  const answer = await text(socket)
  expect(answer).toMatch(/^HTTP\/1\.1 400 /)
  expect(JSON.parse(answer.slice(answer.indexOf('{')))).toEqual({
    error: { reference: expect.stringMatching(uuid), code: 400, message: expect.any(String) },
  })
})
