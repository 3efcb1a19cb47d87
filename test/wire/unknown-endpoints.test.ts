import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../src/testing.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

test.each([
  ['GET', '/nothing'],
  ['GET', '/api/v1/nothing'],
  ['POST', '/api/v1/platform'],
  ['PROPFIND', '/api/v1/platform/ping'],
  ['POST', '/healthz'],
  ['POST', '/sign/x'],
  ['OPTIONS', '/sign/x_q.png'],
])('%s %s is answered in the form that every client can read', async (method, path) => {
  const body = method === 'POST' ? '{"no JSON' : null
  const response = await fetch(`${server.url}${path}`, { method, body })
  expect(response.status).toBe(404)
  expect(response.headers.get('x-call-ref')).toMatch(/^[0-9a-f-]{36}$/)
  expect(await response.json()).toMatchObject({ error: true, code: 404, req: path, method })
})
