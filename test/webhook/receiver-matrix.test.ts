import { once } from 'node:events'
import type { RequestListener } from 'node:http'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { createAddressPolicy } from '../../src/webhook/address-policy.ts'
import { attemptMaker, type AttemptOptions, type AttemptRequest } from '../../src/webhook/attempt.ts'
import type { AttemptResult } from '../../src/webhook/attempt-result.ts'
import { nextStep } from '../../src/webhook/next-step.ts'
import { outcomeWords } from '../../src/webhook/outcome-words.ts'
import { makeCertificate } from '../certificates.ts'
import { startRawReceiver, startReceiver, type Receiver } from './receiver.ts'

const policy = createAddressPolicy(['127.0.0.1', '::1'])
const never = new AbortController().signal
const body = '{"meta":{},"é":"\u{1F600}"}'

const attempt = (url: string, options: Partial<AttemptOptions> = {}, more: Partial<AttemptRequest> = {}) =>
  attemptMaker({ policy, timeLimit: 5_000, ...options })(
    { url, headers: { 'webhook-id': 'msg_1' }, body, requireHttps: false, ...more },
    never,
  )

/** What an operator sees, and what happens next. */
const seen = (result: AttemptResult, timeLimit = 5_000): [words: string, next: number | string] => {
  if (result.stage === 'stopped') throw new Error('nobody stopped it')
  const persistence = { waits: [10_000], honourRetryAfter: true, endOnGone: true }
  const next = nextStep(result, 0, persistence, Date.now())
  return [outcomeWords(result, timeLimit), next.state === 'owed' ? next.wait : next.state]
}

const receiver = async (answer: RequestListener): Promise<Receiver> => {
  const started = await startReceiver(answer)
  onTestFinished(() => started.close())
  return started
}
const rawReceiver = async (converse: (socket: Socket) => void): Promise<Receiver> => {
  const started = await startRawReceiver(converse)
  onTestFinished(() => started.close())
  return started
}

describe('a receiver that answers', () => {
  it.each([
    [200, {}, 'answered 200 OK', 'delivered'],
    [201, {}, 'answered 201 Created', 'delivered'],
    [204, {}, 'answered 204 No Content', 'delivered'],
    [304, {}, 'answered 304 Not Modified', 10_000],
    [400, {}, 'answered 400 Bad Request', 10_000],
    [404, {}, 'answered 404 Not Found', 10_000],
    [410, {}, 'answered 410 Gone', 'failed'],
    [429, { 'retry-after': '120' }, 'answered 429 Too Many Requests', 120_000],
    [500, {}, 'answered 500 Internal Server Error', 10_000],
    [503, { 'retry-after': '1' }, 'answered 503 Service Unavailable', 10_000],
  ])('%i %j is recorded as such', async (status, headers, words, next) => {
    const { url } = await receiver((_, response) => response.writeHead(status, headers).end())
    expect(seen(await attempt(url))).toEqual([words, next])
  })

  it.each([301, 302, 303, 307, 308])('%i is not followed', async (status) => {
    const elsewhere = await receiver((_, response) => response.end())
    const { url } = await receiver((_, response) => response.writeHead(status, { location: elsewhere.url }).end())
    const [words, next] = seen(await attempt(url))
    expect(words).toContain(`a redirect to ${elsewhere.url}; redirects are not followed`)
    expect(next).toBe(10_000)
    expect(elsewhere.connections).toBe(0)
  })

  it('gets the body as it is, and the headers, at path and query', async () => {
    const { url, requests } = await receiver((_, response) => response.end())
    await attempt(`${url}hook?a=1&b=%20#fragment`)
    expect(requests).toMatchObject([
      { method: 'POST', path: '/hook?a=1&b=%20', body, headers: { 'webhook-id': 'msg_1', connection: 'close' } },
    ])
  })

  it('gets the user name and password of the URL', async () => {
    const { port, requests } = await receiver((_, response) => response.end())
    await attempt(`http://shop:p%40ss%zz@127.0.0.1:${port}/`)
    expect(requests[0]!.headers.authorization).toBe(`Basic ${btoa('shop:p%40ss%zz')}`)
    await attempt(`http://shop:p%40ss@127.0.0.1:${port}/`)
    expect(requests[1]!.headers.authorization).toBe(`Basic ${btoa('shop:p@ss')}`)
  })

  it('is answered on a connection of its own each time, and none stays open', async () => {
    const started = await receiver((_, response) => response.end())
    for (let times = 0; times < 3; times += 1) await attempt(started.url)
    expect(started.connections).toBe(3)
    await expect.poll(() => started.openConnections).toBe(0)
  })

  it('has its words kept as far as they go, as text', async () => {
    const said = `\0${'é'.repeat(10_000)}`
    const { url } = await receiver((_, response) => response.writeHead(500).end(said))
    const result = await attempt(url, { maxResponseBytes: 16 * 1024 })
    // one byte for the first, two for each other; the one that was cut in two is left out
    expect(result).toMatchObject({ ending: 'long', response: `\u{FFFD}${'é'.repeat(8_191)}` })
  })
})

describe('a receiver that answers in its own time', () => {
  it('is given up when it says nothing', async () => {
    const { url } = await receiver(() => undefined)
    expect(seen(await attempt(url, { timeLimit: 100 }), 100)).toEqual(['no answer came within 0.1 s', 10_000])
  })

  it('is given up when it drips its headers', async () => {
    const { url } = await rawReceiver((socket) => {
      const drip = setInterval(() => socket.write('x'), 10)
      socket.write('HTTP/1.1 200 OK\r\nx: ')
      socket.on('close', () => clearInterval(drip))
    })
    expect(seen(await attempt(url, { timeLimit: 100 }), 100)).toEqual(['no answer came within 0.1 s', 10_000])
  })

  it('counts by its status when it drips its body', async () => {
    const { url } = await receiver((_, response) => {
      const drip = setInterval(() => response.write('x'), 10)
      response.writeHead(200)
      response.on('close', () => clearInterval(drip))
    })
    const result = await attempt(url, { timeLimit: 200 })
    expect(seen(result)).toEqual(['answered 200 OK; its body did not end in time', 'delivered'])
    expect(result).toMatchObject({ response: expect.stringMatching(/^x+$/) })
  })

  it('counts by its status when its body has no end, and is not read on', async () => {
    let written = 0
    const { url } = await receiver((_, response) => {
      const pour = (): void => {
        while (response.writable && response.write('y'.repeat(1_000))) written += 1_000
        response.once('drain', pour)
      }
      response.writeHead(500)
      pour()
    })
    const result = await attempt(url)
    expect(seen(result)[0]).toBe('answered 500 Internal Server Error; the rest of its body was not read')
    expect(result).toMatchObject({ response: 'y'.repeat(16 * 1024) })
    expect(written).toBeLessThan(16_000_000)
  })

  it('counts by its status when it hangs up within its body', async () => {
    const { url } = await receiver((request, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('half')
      setImmediate(() => request.socket.destroy())
    })
    expect(seen(await attempt(url))).toEqual(['answered 200 OK; the connection broke within its body', 'delivered'])
  })

  it('is left alone when the server stops', async () => {
    const stop = new AbortController()
    const { url } = await receiver(() => stop.abort())
    const request = { url, headers: {}, body, requireHttps: false }
    const makeAttempt = attemptMaker({ policy })
    expect(await makeAttempt(request, stop.signal)).toEqual({ stage: 'stopped' })
    expect(await makeAttempt(request, stop.signal)).toEqual({ stage: 'stopped' })
  })
})

describe('a receiver that does not answer as it should', () => {
  it.each([
    [
      'resets the connection',
      (socket: Socket) => socket.resetAndDestroy(),
      /reset before an answer came \(ECONNRESET\)/,
    ],
    ['hangs up', (socket: Socket) => socket.end(), /closed before an answer came/],
    ['speaks another protocol', (socket: Socket) => socket.end('SSH-2.0-x\r\n'), /not HTTP/],
    [
      'has too large headers',
      (socket: Socket) => socket.end(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(20_000)}`),
      /too large/,
    ],
    ['wants another protocol', (socket: Socket) => socket.end('HTTP/1.1 101 No\r\nupgrade: x\r\n\r\n'), /answer/],
  ])('%s', async (_, converse, words) => {
    const { url } = await rawReceiver((socket) => socket.once('data', () => converse(socket)))
    const [said, next] = seen(await attempt(url))
    expect(said).toMatch(words)
    expect(next).toBe(10_000)
  })

  it('refuses the connection', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    server.close()
    await once(server, 'close')
    expect(seen(await attempt(`http://127.0.0.1:${port}/`))).toEqual([
      'the connection was refused (ECONNREFUSED)',
      10_000,
    ])
  })

  it.each([
    ['does not exist', 'ENOTFOUND', "the receiver's name does not exist (ENOTFOUND)"],
    ['has no server that works', 'ESERVFAIL', "the receiver's name server failed (ESERVFAIL)"],
  ])('has a name that %s', async (_, code, words) => {
    const resolve = () => Promise.reject(Object.assign(new Error(code), { code }))
    expect(seen(await attempt('http://shop.test/', { resolve }))).toEqual([words, 10_000])
  })

  it('has a name without an address', async () => {
    expect(seen(await attempt('http://shop.test/', { resolve: () => Promise.resolve([]) }))).toEqual([
      "the receiver's name has no address (ENODATA)",
      10_000,
    ])
  })

  it('has a name server that says nothing', async () => {
    const resolve = () => new Promise<string[]>(() => undefined)
    expect(seen(await attempt('http://shop.test/', { resolve, timeLimit: 50 }), 50)[0]).toBe(
      "the receiver's name was not resolved within 0.05 s",
    )
  })

  it.each([
    ['malformed', 'http://', /malformed/],
    ['another scheme', 'ftp://shop.test/', /neither http nor https/],
  ])('has a URL that cannot be used: %s', async (_, url, words) => expect(seen(await attempt(url))[0]).toMatch(words))
})

describe('a receiver behind TLS', () => {
  const authority = makeCertificate({ host: 'Test authority', authority: true })
  const trusted = getCACertificates('default')
  beforeAll(() => setDefaultCACertificates([...trusted, authority.cert]))
  afterAll(() => setDefaultCACertificates(trusted))

  const resolve = () => Promise.resolve(['127.0.0.1'])
  const behind = async (certificate: ReturnType<typeof makeCertificate>): Promise<Receiver> => {
    const started = await startReceiver((_, response) => response.end(), { certificate })
    onTestFinished(() => started.close())
    return started
  }

  it.each(['shop.test', 'shop.test.'])('is reached at https://%s with a certificate that holds', async (host) => {
    const { port, requests } = await behind(makeCertificate({ host: 'shop.test', issuer: authority }))
    expect(seen(await attempt(`https://${host}:${port}/`, { resolve }, { requireHttps: true }))[0]).toBe(
      'answered 200 OK',
    )
    expect(requests).toMatchObject([{ body }])
  })

  it.each([
    ['expired', { issuer: authority, notAfter: new Date(Date.UTC(2021, 0, 1)) }, 'has expired (CERT_HAS_EXPIRED)'],
    ['self-signed', {}, 'is self-signed (DEPTH_ZERO_SELF_SIGNED_CERT)'],
    [
      'of another host',
      { host: 'other.test', issuer: authority },
      'is for another host (ERR_TLS_CERT_ALTNAME_INVALID)',
    ],
    ['of an unknown authority', { issuer: makeCertificate({ host: 'Nobody', authority: true }) }, 'not trusted here'],
  ])('gets nothing when its certificate is %s', async (_, options, words) => {
    const { port, requests } = await behind(makeCertificate({ host: 'shop.test', ...options }))
    const [said, next] = seen(await attempt(`https://shop.test:${port}/`, { resolve }))
    expect(said).toContain(words)
    expect(next).toBe(10_000)
    expect(requests).toEqual([])
  })

  it('gets nothing whatever the environment says about certificates', async () => {
    const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED']
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'
    onTestFinished(() => {
      if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']
      else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before
    })
    const { port, requests } = await behind(makeCertificate({ host: 'shop.test' }))
    expect(await attempt(`https://shop.test:${port}/`, { resolve })).toMatchObject({ stage: 'tls' })
    expect(requests).toEqual([])
  })

  it('does not speak TLS there', async () => {
    const { port } = await rawReceiver((socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad\r\n\r\n')))
    expect(seen(await attempt(`https://127.0.0.1:${port}/`))[0]).toContain('does not speak TLS on this port')
  })

  it('hangs in the handshake', async () => {
    const { port } = await rawReceiver(() => undefined)
    expect(seen(await attempt(`https://127.0.0.1:${port}/`, { timeLimit: 100 }), 100)[0]).toBe(
      'the TLS handshake was not finished within 0.1 s',
    )
  })
})

it('sends to https only where the application wants that', async () => {
  const started = await receiver((_, response) => response.end())
  expect(seen(await attempt(started.url, {}, { requireHttps: true }))[0]).toContain('is not https')
  expect(started.connections).toBe(0)
})

it('uses no proxy of the environment', async () => {
  const proxy = await receiver((_, response) => response.end())
  const { url } = await receiver((_, response) => response.writeHead(201).end())
  const names = ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'NODE_USE_ENV_PROXY']
  const before = names.map((name) => process.env[name])
  names.forEach((name) => (process.env[name] = name === 'NODE_USE_ENV_PROXY' ? '1' : proxy.url))
  onTestFinished(() => {
    names.forEach((name, index) => {
      if (before[index] === undefined) Reflect.deleteProperty(process.env, name)
      else process.env[name] = before[index]
    })
  })
  expect(await attempt(url)).toMatchObject({ status: 201 })
  expect(proxy.connections).toBe(0)
})
