import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestApplication, type TestServer, type TestServerOptions } from '../../src/testing.ts'
import { databases } from '../databases.ts'
import { askForUpgrade } from '../raw-client.ts'
import { activate, developer, stranger, type Answer, type Call } from './outside.ts'

const payment = { TransactionType: 'Payment', Destination: 'rPEPPER7kfTD9w2To4CQk6UCfuHM9c6GDY', Amount: '1000000' }
const refused = (status: number, code: number) => ({ status, body: { error: { code, message: expect.any(String) } } })
const accepted = { status: 200 }

/** With 32 random hex digits at its end. */
const identifier = (length: number) => '😀'.repeat(length - 32) + randomUUID().replaceAll('-', '')
/** So many code points of JSON. */
const blob = (length: number) => ({ a: '😀'.repeat(length - 8) })
const url = (start: string, length: number) => start + 'x'.repeat(length - start.length)
const ofBytes = (bytes: number) => {
  const body = { txjson: payment, filler: '' }
  return { ...body, filler: 'x'.repeat(bytes - JSON.stringify(body).length) }
}

describe.each(databases)('creating, on $name,', (database) => {
  let server: TestServer
  let drop: () => Promise<void>
  let call: Call

  beforeAll(async () => {
    const created = await database.create()
    drop = () => created.drop()
    const key = { COUNTERSIGN_SECRET_KEY: '5'.repeat(64) }
    server = await startTestServer({ environment: { DATABASE_URL: created.url, ...key } })
    call = developer(server.url, await server.createApplication())
  })
  afterAll(async () => {
    await server.close()
    await drop()
  })

  const create = (rest: object) => call('POST', 'payload', { txjson: payment, ...rest })

  it.each([
    ['an identifier of 40 characters', () => ({ custom_meta: { identifier: identifier(40) } })],
    ['an instruction of 280', () => ({ custom_meta: { instruction: '😀'.repeat(280) } })],
    ['a blob of 1500', () => ({ custom_meta: { blob: blob(1500) } })],
    ['a return URL of 2000 for the web', () => ({ options: { return_url: { web: url('https://a.test/', 2000) } } })],
    ['a return URL of 2000 for the app', () => ({ options: { return_url: { app: url('shop://a', 2000) } } })],
    ['30 days to expire', () => ({ options: { expire: 30 * 24 * 60 } })],
    ['a body of 256 KiB', () => ofBytes(256 * 1024)],
  ])('accepts %s, and shows it whole', async (_, rest) => {
    const asked = rest() as { custom_meta?: object; options?: { return_url?: { web?: string; app?: string } } }
    const created = await create(asked)
    expect(created).toMatchObject(accepted)
    const { body } = await call('GET', `payload/${created.body.uuid}`)
    expect(body.custom_meta).toMatchObject(asked.custom_meta ?? {})
    const { web = null, app = null } = asked.options?.return_url ?? {}
    expect(body.meta).toMatchObject({ return_url_web: web, return_url_app: app })
  })

  it.each([
    ['an identifier of 41 characters', 400, 413, () => ({ custom_meta: { identifier: identifier(41) } })],
    ['an instruction of 281', 400, 413, () => ({ custom_meta: { instruction: '😀'.repeat(281) } })],
    ['a blob of 1501', 400, 413, () => ({ custom_meta: { blob: blob(1501) } })],
    [
      'a return URL of 2001 for the web',
      400,
      606,
      () => ({ options: { return_url: { web: url('https://a.test/', 2001) } } }),
    ],
    ['a return URL of 2001 for the app', 400, 606, () => ({ options: { return_url: { app: url('shop://a', 2001) } } })],
    ['30 days and a moment to expire', 400, 606, () => ({ options: { expire: 30 * 24 * 60 + 0.001 } })],
    ['less than no time to expire', 400, 606, () => ({ options: { expire: -0.001 } })],
    ['a body of 256 KiB and a byte', 413, 413, () => ofBytes(256 * 1024 + 1)],
  ])('refuses %s', async (_, status, code, rest) => {
    expect(await create(rest())).toMatchObject(refused(status, code))
  })

  it.each([
    [0.5, 30],
    [1, 60],
    [0, 86_400],
    [null, 86_400],
    [43_200, 2_592_000],
  ])('lets %j minutes to expire be %i seconds', async (expire, seconds) => {
    const { uuid } = (await create({ options: { expire } })).body
    const { expires_in_seconds, created_at, expires_at } = (await call('GET', `payload/${uuid}`)).body.payload
    expect((Date.parse(expires_at) - Date.parse(created_at)) / 1000).toBe(seconds)
    expect(seconds - expires_in_seconds).toBeLessThan(20)
  })
})

describe('return URLs', () => {
  let server: TestServer
  let call: Call
  beforeAll(async () => {
    server = await startTestServer()
    call = developer(server.url, await server.createApplication())
  })
  afterAll(() => server.close())

  const create = (return_url: object) => call('POST', 'payload', { txjson: payment, options: { return_url } })
  const forbidden = 'javascript data vbscript blob file about intent content filesystem view-source'.split(' ')

  it.each(forbidden)('never run or read something: %s', async (scheme) => {
    const odd = scheme.replaceAll(/[a-m]/g, (letter) => letter.toUpperCase())
    for (const name of [scheme, scheme.toUpperCase(), odd]) {
      for (const rest of [':x', '://x', ':']) {
        expect(await create({ app: name + rest })).toMatchObject(refused(400, 606))
        expect(await create({ web: name + rest })).toMatchObject(refused(400, 606))
      }
    }
  })

  it.each(['\0', '\t', '\n', '\r', '\u001f', ' ', '\u007f', '\u0085', '\u00a0', '\u2028', '\u3000', '\ufeff'])(
    'have no control characters or spaces anywhere: %j',
    async (character) => {
      for (const place of [
        `${character}https://a.test/`,
        `ht${character}tps://a.test/`,
        `https:${character}//a.test/`,
        `https://a.test/${character}x`,
        `https://a.test/${character}`,
      ]) {
        expect(await create({ app: place })).toMatchObject(refused(400, 606))
        expect(await create({ web: place })).toMatchObject(refused(400, 606))
      }
    },
  )

  it('may have a scheme of its own for the app alone', async () => {
    expect(await create({ app: 'shop+x.y-1:done?id={id}' })).toMatchObject(accepted)
    expect(await create({ app: 'SHOP://DONE' })).toMatchObject(accepted)
    expect(await create({ web: 'HTTPS://A.TEST/?id={id}' })).toMatchObject(accepted)
    for (const web of ['shop://done', 'ftp://a.test/', '//a.test/', 'a.test', 'https:a.test', 'https://', '']) {
      expect(await create({ web })).toMatchObject(refused(400, 606))
    }
    for (const app of ['done', '//a.test/', '://x', '1shop://x', '']) {
      expect(await create({ app })).toMatchObject(refused(400, 606))
    }
  })
})

describe('a server', () => {
  let server: TestServer
  let credentials: TestApplication
  let call: Call
  let anyone: Call
  const start = async (options: TestServerOptions = {}): Promise<void> => {
    server = await startTestServer(options)
    credentials = await server.createApplication()
    call = developer(server.url, credentials)
    anyone = stranger(server.url)
  }
  const create = async (): Promise<string> => (await call('POST', 'payload', { txjson: payment })).body.uuid
  afterEach(() => server.close())

  it('lets 64 users open a payload, and no other', async () => {
    await start()
    const id = await create()
    const users = await Promise.all(Array.from({ length: 66 }, () => activate(server.url)))
    for (const user of users.slice(0, 64)) expect(await user.call('GET', `payload/${id}`)).toMatchObject(accepted)
    const [first, last, another] = [users[0]!, users[64]!, users[65]!]
    expect(await last.call('GET', `payload/${id}`)).toMatchObject(refused(403, 403))
    expect(await another.call('PATCH', `payload/${id}`, { reject: true })).toMatchObject(refused(403, 403))
    expect(await first.call('GET', `payload/${id}`)).toMatchObject(accepted)
    expect(await users[63]!.call('PATCH', `payload/${id}`, { reject: true })).toMatchObject(accepted)
  })

  it('takes 200 characters for the node that a wallet reports', async () => {
    await start()
    const [id, wallet] = [await create(), await activate(server.url)]
    const report = (length: number) =>
      wallet.call('PATCH', `payload/${id}`, { dispatched: { to: 'ü'.repeat(length), nodetype: 'TESTNET' } })
    expect(await report(201)).toMatchObject(refused(400, 800))
    expect(await report(200)).toMatchObject(accepted)
  })

  describe('that serves, for one address,', () => {
    const serve = (environment: Record<string, string> = { TRUST_PROXY: '127.0.0.1' }) =>
      start({ mode: 'serve', environment })
    const from = (address: string) => ({ 'x-forwarded-for': address })
    const times = async (count: number, work: () => Promise<Answer>): Promise<number[]> => {
      const statuses: number[] = []
      for (let done = 0; done < count; done++) statuses.push((await work()).status)
      return statuses
    }
    const expectLimited = (answer: Answer): void => {
      expect(answer).toMatchObject(refused(429, 429))
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
      expect(Number(answer.headers.get('retry-after'))).toBeLessThanOrEqual(60)
    }
    const addUser = (headers: Record<string, string> = {}) => anyone('POST', 'add-user', undefined, headers)

    it('adds 10 users a minute', async () => {
      await serve()
      expect(await times(10, () => addUser(from('192.0.2.1')))).toEqual(Array(10).fill(200))
      expectLimited(await addUser(from('192.0.2.1')))
      expectLimited(await addUser(from('203.0.113.9, 192.0.2.1')))
      expect((await addUser(from('192.0.2.2'))).status).toBe(200)
    })

    it('activates 20 devices a minute', async () => {
      await serve()
      const activation = () => anyone('POST', 'activate-device', {}, from('192.0.2.1'))
      expect(await times(20, activation)).toEqual(Array(20).fill(400))
      expectLimited(await activation())
    })

    it('refuses 60 credentials a minute, of both APIs together, and then all', async () => {
      await serve()
      const wallet = await activate(server.url)
      const wrong = developer(server.url, { apiKey: randomUUID(), apiSecret: randomUUID() })
      const there = from('192.0.2.1')
      expect(await times(30, () => wrong('GET', 'ping', undefined, there))).toEqual(Array(30).fill(403))
      expect(await times(30, () => anyone('POST', 'ping', undefined, there))).toEqual(Array(30).fill(401))
      expectLimited(await call('GET', 'ping', undefined, there))
      expectLimited(await wallet.call('POST', 'ping', {}, there))
      expect((await call('GET', 'ping', undefined, from('192.0.2.2'))).status).toBe(200)
      expect((await wallet.call('POST', 'ping', {}, from('192.0.2.2'))).status).toBe(200)
    })

    it('exempts this machine, unless it speaks for others, who are believed only of a trusted proxy', async () => {
      await serve({})
      expect(await times(12, () => addUser())).toEqual(Array(12).fill(200))
      let other = 0
      expect(await times(10, () => addUser(from(`192.0.2.${++other}`)))).toEqual(Array(10).fill(200))
      expectLimited(await addUser(from('192.0.2.77')))
      expect((await addUser()).status).toBe(200)
    })

    it('holds 32 sockets of one payload', async () => {
      await serve()
      const id = await create()
      const port = Number(new URL(server.url).port)
      const ask = (address: string) => askForUpgrade(port, `/sign/${id}`, { 'X-Forwarded-For': address })
      const answers = await Promise.all(Array.from({ length: 32 }, () => ask('192.0.2.1')))
      expect(answers.map(({ status }) => status)).toEqual(Array(32).fill(101))
      const [over, other] = [await ask('192.0.2.1'), await ask('192.0.2.2')]
      expect([over.status, other.status]).toEqual([429, 101])
      for (const { socket } of [...answers, over, other]) socket.destroy()
    })

    it('holds as many sockets as SOCKETS_PER_ADDRESS_ON_NODE says, of all payloads together', async () => {
      await serve({ TRUST_PROXY: '127.0.0.1', SOCKETS_PER_ADDRESS_ON_NODE: '3' })
      const port = Number(new URL(server.url).port)
      const ask = async (address?: string) =>
        askForUpgrade(port, `/sign/${await create()}`, address === undefined ? {} : { 'X-Forwarded-For': address })
      const theirs = [await ask('192.0.2.1'), await ask('203.0.113.9, 192.0.2.1'), await ask('192.0.2.1')]
      expect(theirs.map(({ status }) => status)).toEqual([101, 101, 101])
      const [over, other, exempt] = [await ask('192.0.2.1'), await ask('203.0.113.9'), await ask()]
      expect([over.status, over.headers.get('retry-after')]).toEqual([429, '60'])
      expect([other.status, exempt.status]).toEqual([101, 101])
      const metrics = await (await fetch(`${server.url}/metrics`)).text()
      expect(metrics).toContain('countersign_live_refused_address_on_node_total 1')
      for (const { socket } of [...theirs, over, other, exempt]) socket.destroy()
    })

    it('does not believe a peer that is no trusted proxy, when it counts sockets', async () => {
      await serve({ SOCKETS_PER_ADDRESS_ON_NODE: '2' })
      const [id, port] = [await create(), Number(new URL(server.url).port)]
      const ask = (address: string) => askForUpgrade(port, `/sign/${id}`, { 'X-Forwarded-For': address })
      const answers = [await ask('192.0.2.1'), await ask('192.0.2.2'), await ask('192.0.2.3')]
      expect(answers.map(({ status }) => status)).toEqual([101, 101, 429])
      for (const { socket } of answers) socket.destroy()
    })

    it('is full at SOCKETS_PER_NODE for everyone, this machine included', async () => {
      await serve({ SOCKETS_PER_NODE: '1' })
      const [id, port] = [await create(), Number(new URL(server.url).port)]
      const [first, over] = [await askForUpgrade(port, `/sign/${id}`), await askForUpgrade(port, `/sign/${id}`)]
      expect([first.status, over.status, over.headers.get('retry-after')]).toEqual([101, 503, '10'])
      first.socket.destroy()
    })
  })

  describe('with RATE_LIMIT', () => {
    const standing = ({ headers }: Answer) => [headers.get('x-ratelimit-limit'), headers.get('x-ratelimit-remaining')]

    it('off says nothing of limits', async () => {
      await start({ mode: 'serve' })
      expect(standing(await call('GET', 'ping'))).toEqual([null, null])
    })

    it('on tells the limit with every response, refusals included, and counts applications apart', async () => {
      await start({ environment: { RATE_LIMIT: '4' } })
      const other = developer(server.url, await server.createApplication())
      expect(standing(await call('GET', 'ping'))).toEqual(['4', '3'])
      expect(standing(await call('GET', 'payload/x'))).toEqual(['4', '2'])
      expect(standing(await call('POST', 'payload', 'no JSON'))).toEqual(['4', '1'])
      expect(standing(await call('POST', 'payload', ofBytes(300_000)))).toEqual(['4', '0'])
      const over = await call('GET', 'ping')
      expect(over).toMatchObject(refused(429, 429))
      expect(standing(over)).toEqual(['4', '0'])
      expect(Number(over.headers.get('retry-after'))).toBeGreaterThan(0)
      expect(standing(await other('GET', 'ping'))).toEqual(['4', '3'])
      const nobody = developer(server.url, { apiKey: '', apiSecret: '' })
      for (const path of ['ping', 'nowhere', 'kyc-status/rPEPPER7kfTD9w2To4CQk6UCfuHM9c6GDY']) {
        expect(standing(await nobody('GET', path))[0]).toBe('4')
      }
    })

    it('by class counts creating apart', async () => {
      await start({ environment: { RATE_LIMIT: 'create=1,other=2' } })
      expect(standing(await call('POST', 'payload', { txjson: payment }))).toEqual(['1', '0'])
      expect((await call('POST', 'payload', { txjson: payment })).status).toBe(429)
      expect(standing(await call('GET', 'ping'))).toEqual(['2', '1'])
    })
  })
})
