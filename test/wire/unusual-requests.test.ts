import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestApplication, type TestServer } from '../../src/testing.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

describe('a request that node would answer by itself', () => {
  let server: TestServer
  let application: TestApplication

  beforeAll(async () => {
    server = await startTestServer({ environment: { REQUEST_SECONDS: '1' } })
    application = await server.createApplication()
  })
  afterAll(() => server.close())

  const connection = (allowHalfOpen = false) =>
    connect({ port: Number(new URL(server.url).port), host: '127.0.0.1', allowHalfOpen })

  const exchange = async (requestLine: string, ...headers: string[]) => {
    const socket = connection()
    const credentials = [`x-api-key: ${application.apiKey}`, `x-api-secret: ${application.apiSecret}`]
    socket.write([`${requestLine} HTTP/1.1`, ...credentials, ...headers, '', ''].join('\r\n'))
    const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n')
    const reference = /^x-call-ref: (.*)$/m.exec(head)?.[1]
    return { status: Number(head.split(' ')[1]), reference, body: JSON.parse(body) }
  }
  const close = 'Connection: close'
  const refused = (status: number) => ({
    status,
    reference: expect.stringMatching(uuid),
    body: { error: { code: 400, reference: expect.stringMatching(uuid) } },
  })

  it('is refused without a Host header', async () => {
    expect(await exchange('GET /api/v1/platform/ping', close)).toMatchObject(refused(400))
  })

  it('is refused when it wants a tunnel', async () => {
    expect(await exchange('CONNECT elsewhere:443', 'Host: x')).toMatchObject(refused(400))
  })

  it('is answered when it expects something that nobody knows', async () => {
    const answer = await exchange('GET /api/v1/platform/ping', 'Host: x', close, 'Expect: the-moon')
    expect(answer).toMatchObject({ status: 200, body: { pong: true } })
  })

  it('is refused when it does not come to its end', async () => {
    const announced = ['Host: x', 'Content-Length: 30']
    expect(await exchange('POST /api/v1/platform/payload', ...announced)).toMatchObject(refused(400))
  })

  it('is refused when it does not begin', async () => {
    const socket = connection()
    await once(socket, 'connect')
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 .*"code":400/s)
  })

  it.each(['CONNECT elsewhere:443 HTTP/1.1\r\nHost: x', 'NONSENSE'])(
    'loses its connection when it is refused, whether or not its client hangs up: %j',
    async (request) => {
      const socket = connection(true)
      socket.write(`${request}\r\n\r\n`)
      socket.resume()
      await once(socket, 'end')
      const pushing = setInterval(() => socket.write('x'), 20)
      const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException]
      clearInterval(pushing)
      expect(['EPIPE', 'ECONNRESET']).toContain(error.code)
    },
  )
})
