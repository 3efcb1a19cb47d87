import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { ApplicationClient, signIn } from '../application-client.ts'
import { jsonOf, runCountersign, startCountersign, urlOf, type CountersignProcess } from '../countersign-process.ts'
import { databases } from '../databases.ts'
import type { TemporaryDatabase } from '../postgres.ts'
import { askForUpgrade } from '../raw-client.ts'
import { beginRequest } from '../raw-request.ts'
import { StatusSubscriber } from '../status-subscriber.ts'

describe.each(databases)('a server that is told to stop, on $name', ({ create }) => {
  let database: TemporaryDatabase
  let environment: Record<string, string>
  let headers: Record<string, string>

  beforeAll(async () => {
    database = await create()
    environment = { DATABASE_URL: database.url, COUNTERSIGN_SECRET_KEY: '0'.repeat(64), HOST: '127.0.0.1', PORT: '0' }
    const { api_key: key, api_secret: secret } = jsonOf(
      await runCountersign(['app', 'create', '--name', 'Shop', '--json'], { environment }),
    )
    headers = { 'x-api-key': key, 'x-api-secret': secret }
  })
  afterAll(() => database.drop())

  /** A server with a sign request on it. */
  const start = async (more: Record<string, string> = {}) => {
    const server = startCountersign(['serve'], { environment: { ...environment, ...more } })
    const url = await urlOf(server)
    const credentials = { apiKey: headers['x-api-key']!, apiSecret: headers['x-api-secret']! }
    const uuid = await new ApplicationClient(url, credentials).create({ txjson: signIn })
    const begin = () => beginRequest(`${url}/api/v1/platform/payload`, headers, JSON.stringify({ txjson: signIn }))
    return { server, url, uuid, begin }
  }

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'sends its subscribers elsewhere and finishes what it began (%s)',
    async (signal) => {
      const { server, url, uuid, begin } = await start()
      const subscriber = await StatusSubscriber.connect(url, uuid)
      const request = await begin()
      expect(await isReady(url)).toBe(true)

      const stopped = stop(server, signal)
      expect(await subscriber.closed).toMatchObject({ code: 1012 })
      expect((await fetch(`${url}/readyz`)).status).toBe(503)
      expect(await request.finish()).toMatchObject({ status: 200, body: { pushed: false } })
      await request.ended
      expect(await stopped).toMatchObject({ status: 0, seconds: below(7) })
    },
  )

  it('finishes what it began when nobody new is taken any more', async () => {
    const { server, url, begin } = await start({ DRAIN_SECONDS: '0' })
    const request = await begin()
    const stopped = stop(server, 'SIGTERM')
    await vi.waitFor(() => expect(fetch(`${url}/healthz`)).rejects.toThrow())
    expect(await request.finish()).toMatchObject({ status: 200, body: { pushed: false } })
    await request.ended
    expect(await stopped).toMatchObject({ status: 0, seconds: below(7) })
  })

  it('goes on answering for the time of its drain, although it has nothing left to do', async () => {
    const { server, url } = await start({ DRAIN_SECONDS: '1.5' })
    const stopped = stop(server, 'SIGTERM')
    await server.says(/stopping/)
    expect(await isReady(url)).toBe(false)
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
    expect(await stopped).toMatchObject({ status: 0, seconds: atLeast(1.5) })
  })

  it('does not wait longer than the grace for those who never finish', async () => {
    const { server, url, uuid, begin } = await start({ SHUTDOWN_SECONDS: '1', DRAIN_SECONDS: '0.5' })
    const { status, socket } = await askForUpgrade(Number(new URL(url).port), `/sign/${uuid}`)
    expect(status).toBe(101)
    const request = await begin()
    expect(await stop(server, 'SIGTERM')).toMatchObject({ status: 0, seconds: below(7) })
    await request.ended
    socket.destroy()
  })

  it('does not wait at all when told twice', async () => {
    const { server, begin } = await start()
    const request = await begin()
    const stopped = stop(server, 'SIGTERM')
    await server.says(/stopping/)
    server.send('SIGTERM')
    expect(await stopped).toMatchObject({ status: 0, seconds: below(7) })
    await request.ended
  })
})

const stop = async (server: CountersignProcess, signal: NodeJS.Signals) => {
  const from = performance.now()
  server.send(signal)
  const { status } = await server.ended
  return { status, seconds: (performance.now() - from) / 1000 }
}

const isReady = async (url: string): Promise<boolean> => {
  try {
    return (await fetch(`${url}/readyz`)).status === 200
  } catch {
    // nobody listens there any more
    return false
  }
}

const atLeast = (limit: number): unknown => expect.toSatisfy((value: number) => value >= limit, `at least ${limit}`)

const below = (limit: number): unknown => expect.toSatisfy((value: number) => value < limit, `below ${limit}`)
