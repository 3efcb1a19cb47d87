import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { prefix, send, startWalletServer, type WalletServer } from './wallet-server.ts'

let server: WalletServer

beforeEach(async () => {
  server = await startWalletServer({ limit: 3, trustedProxies: ['10.0.0.0/8'] })
})
afterEach(() => server.close())

const minute = 60_000
const limited = {
  status: 429,
  headers: { 'retry-after': '60' },
  body: { error: { code: 429, message: expect.any(String) } },
}

const from = (remoteAddress: string, path: string, headers: Record<string, string> = {}) =>
  send(server.app, { method: 'POST', url: `${prefix}/${path}`, remoteAddress, headers })
const times = async <T>(count: number, work: () => Promise<T>): Promise<T[]> => {
  const answers: T[] = []
  for (let done = 0; done < count; done++) answers.push(await work())
  return answers
}
const statuses = (answers: { status: number }[]): number[] => answers.map(({ status }) => status)

describe('limits per address', () => {
  it('hold for new users', async () => {
    expect(statuses(await times(3, () => from('203.0.113.1', 'add-user')))).toEqual([200, 200, 200])
    expect(await from('203.0.113.1', 'add-user')).toMatchObject(limited)
    expect(await from('203.0.113.2', 'add-user')).toMatchObject({ status: 200 })
    server.clock.time += minute
    expect(await from('203.0.113.1', 'add-user')).toMatchObject({ status: 200 })
  })

  it('hold for activations', async () => {
    expect(statuses(await times(3, () => from('203.0.113.1', 'activate-device')))).toEqual([400, 400, 400])
    expect(await from('203.0.113.1', 'activate-device')).toMatchObject(limited)
    expect(await from('203.0.113.1', 'add-user')).toMatchObject({ status: 200 })
  })

  it('hold for authentications that failed, and then for all', async () => {
    const wallet = await server.wallet()
    const ping = (authorization: string) => from('203.0.113.1', 'ping', { authorization })
    expect(statuses(await times(5, () => ping(wallet.bearer())))).toEqual(Array(5).fill(200))
    expect(statuses(await times(3, () => ping('Bearer nonsense')))).toEqual([401, 401, 401])
    expect(await ping('Bearer nonsense')).toMatchObject(limited)
    expect(await ping(wallet.bearer())).toMatchObject(limited)
    server.clock.time += minute
    expect(await ping(wallet.bearer())).toMatchObject({ status: 200 })
  })

  it('do not count a device that has to refresh', async () => {
    const wallet = await server.wallet()
    wallet.bearerHash = 'outdated'
    const pings = await times(5, () => from('203.0.113.1', 'ping', { authorization: wallet.bearer() }))
    expect(pings.map(({ body }) => body.error.code)).toEqual(Array(5).fill(890))
  })

  it('count all of an IPv6 /64 as one', async () => {
    await times(3, () => from('2001:db8::1', 'add-user'))
    expect(await from('2001:db8::ffff:2', 'add-user')).toMatchObject(limited)
    expect(await from('2001:db8:0:1::1', 'add-user')).toMatchObject({ status: 200 })
  })

  it('leave out this machine, unless a proxy speaks for others', async () => {
    expect(statuses(await times(5, () => from('127.0.0.1', 'add-user')))).toEqual(Array(5).fill(200))
    const forwarded = { 'x-forwarded-for': '203.0.113.1' }
    expect(statuses(await times(4, () => from('127.0.0.1', 'add-user', forwarded)))).toEqual([200, 200, 200, 429])
  })

  it('go by what a trusted proxy says', async () => {
    const behind = (client: string) => from('10.1.1.1', 'add-user', { 'x-forwarded-for': client })
    await times(3, () => behind('203.0.113.1'))
    expect(await behind('203.0.113.1')).toMatchObject(limited)
    expect(await behind('203.0.113.2')).toMatchObject({ status: 200 })
  })
})
