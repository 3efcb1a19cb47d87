import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clientAddressReader } from '../../src/http/client-address.ts'
import { RateLimit } from '../../src/http/rate-limit.ts'
import { movableClock } from '../movable-clock.ts'
import { adminToken, startAdminServer, type AdminServer } from './admin-server.ts'

let server: AdminServer
beforeAll(async () => {
  server = await startAdminServer()
})
afterAll(() => server.close())

const refused = (code: number) => ({ status: code, body: { error: { code, message: expect.any(String) } } })

describe('the bearer', () => {
  it.each([`Bearer ${adminToken}`, `bearer   ${adminToken}`])('opens the API as %j', async (authorization) => {
    expect((await server.call('GET', 'deliveries', { headers: { authorization } })).status).toBe(200)
  })

  it.each(['', 'Bearer', 'Bearer  ', adminToken, `Basic ${adminToken}`, `Bearer ${adminToken} more`, 'Bearer wrong'])(
    'does not as %j',
    async (authorization) => {
      const answer = await server.call('GET', 'deliveries', { headers: { authorization } })
      expect(answer).toMatchObject({ ...refused(401), headers: { 'www-authenticate': 'Bearer' } })
      expect(JSON.stringify(answer)).not.toContain(adminToken)
    },
  )

  it('opens nothing where no token is configured', async () => {
    const closed = await startAdminServer({ token: null })
    for (const authorization of ['Bearer null', 'Bearer undefined', `Bearer ${adminToken}`]) {
      const answer = await closed.call('GET', 'deliveries', { headers: { authorization } })
      expect(answer).toMatchObject(refused(404))
      expect(answer.body.error.message).toContain('not configured')
    }
    await closed.close()
  })

  it('may be guessed only so often by one address', async () => {
    const clock = movableClock()
    const limit = new RateLimit(3, clock)
    const readClientAddress = clientAddressReader([])
    const limited = await startAdminServer({ failedAuthentications: { limit, readClientAddress } })
    // behind a proxy, so that loopback is not exempt
    const proxied = { 'x-forwarded-for': '203.0.113.7' }
    const guess = () => limited.call('GET', 'deliveries', { headers: { ...proxied, authorization: 'Bearer wrong' } })
    const know = () => limited.call('GET', 'deliveries', { headers: proxied })
    expect((await know()).status).toBe(200)
    for (let index = 0; index < 3; index++) expect(await guess()).toMatchObject(refused(401))
    expect(await know()).toMatchObject({ ...refused(429), headers: { 'retry-after': '60' } })
    clock.time += 60_000
    expect((await know()).status).toBe(200)
    await limited.close()
  })
})

describe('the host name', () => {
  it.each(['localhost:3000', '127.0.0.1:3000', '[::1]:3000', 'sign.example.com', 'sign.example.com:443'])(
    '%s is answered',
    async (host) => {
      expect((await server.call('GET', 'deliveries', { headers: { host } })).status).toBe(200)
    },
  )

  it.each(['evil.test', '10.0.0.5:3000', 'localhost.evil.test', 'sign.example.com.evil.test'])(
    '%s is not, whatever is asked and whoever asks',
    async (host) => {
      for (const path of ['deliveries', 'nothing']) {
        expect(await server.call('GET', path, { headers: { host } })).toMatchObject(refused(421))
      }
      const stranger = { host, authorization: 'Bearer wrong' }
      expect(await server.call('GET', 'deliveries', { headers: stranger })).toMatchObject(refused(421))
    },
  )
})

describe('writes', () => {
  const write = (headers: Record<string, string>) =>
    server.call('POST', `applications/${server.shop}/test-event`, { headers })

  it('come from no page, or from one of our own', async () => {
    const own: Record<string, string>[] = [
      {},
      { host: 'localhost:3000', origin: 'http://localhost:3000', 'sec-fetch-site': 'same-origin' },
      { host: 'sign.example.com', origin: 'https://sign.example.com' },
    ]
    for (const headers of own) expect((await write(headers)).status).toBe(200)
  })

  it.each([
    { host: 'localhost:3000', origin: 'https://evil.test' },
    { host: 'localhost:3000', origin: 'http://localhost:5173' },
    { host: 'localhost:3000', origin: 'null' },
    { host: 'sign.example.com', origin: 'http://sign.example.com' },
    { host: 'sign.example.com', 'sec-fetch-site': 'same-site' },
    { host: 'sign.example.com', 'sec-fetch-site': 'cross-site' },
  ])('of other origins change nothing: %j', async (headers) => {
    const before = server.wakes()
    expect(await write(headers)).toMatchObject(refused(403))
    expect(server.wakes()).toBe(before)
  })
})

it('answers no preflight, and lets no other origin read', async () => {
  const headers = { origin: 'https://evil.test', 'access-control-request-method': 'GET' }
  expect(await server.call('OPTIONS', 'deliveries', { headers })).toMatchObject(refused(404))
  for (const method of ['OPTIONS', 'GET'] as const) {
    const answer = await server.call(method, 'deliveries', { headers })
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'))).toEqual([])
  }
})
