import Fastify from 'fastify'
import { Registry } from 'prom-client'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sendCallReference } from '../../src/http/call-reference.ts'
import { serverOptions } from '../../src/http/server-options.ts'
import { operations } from '../../src/operations/operations.ts'
import type { Readiness } from '../../src/operations/readiness.ts'
import { startTestServer } from '../../src/testing.ts'

describe('GET /readyz', () => {
  const well: Readiness = { database: true, bus: true, clock: true, draining: false }
  let state: () => Promise<Readiness>
  let app: ReturnType<typeof Fastify>

  beforeEach(() => {
    state = async () => well
    app = Fastify(serverOptions)
    sendCallReference(app)
    operations(app, { metrics: new Registry(), readiness: () => state() })
  })
  afterEach(() => app.close())

  const ask = async (query = '') => {
    const answer = await app.inject(`/readyz${query}`)
    return { status: answer.statusCode, body: answer.json() }
  }

  it('answers 200 while all is well, with each check', async () => {
    expect(await ask()).toEqual({ status: 200, body: { status: 'ready', ...well } })
  })

  it.each<Partial<Readiness>>([{ database: false }, { bus: false }, { clock: false }, { draining: true }])(
    'answers 503 and says which when %j',
    async (wrong) => {
      state = async () => ({ ...well, ...wrong })
      expect(await ask()).toEqual({ status: 503, body: { status: 'not ready', ...well, ...wrong } })
    },
  )

  it('leaves out of the verdict what is excluded, and shows it all the same', async () => {
    state = async () => ({ ...well, bus: false })
    expect(await ask('?exclude=bus')).toEqual({ status: 200, body: { status: 'ready', ...well, bus: false } })
    state = async () => ({ ...well, bus: false, clock: false })
    const askew = { ...well, bus: false, clock: false }
    expect(await ask('?exclude=bus')).toEqual({ status: 503, body: { status: 'not ready', ...askew } })
    for (const query of ['?exclude=bus,clock', '?exclude=bus&exclude=clock']) {
      expect(await ask(query)).toEqual({ status: 200, body: { status: 'ready', ...askew } })
    }
  })

  it('refuses to leave out anything else, with a sentence, and asks nothing', async () => {
    state = () => Promise.reject(new Error('nobody should ask'))
    for (const query of ['?exclude=database', '?exclude=draining', '?exclude=bus,redis', '?exclude=']) {
      expect(await ask(query)).toEqual({
        status: 400,
        body: {
          error: { reference: expect.any(String), code: 400, message: expect.stringContaining('bus and clock') },
        },
      })
    }
  })
})

it('a whole server that just started is ready', async () => {
  const server = await startTestServer()
  const answer = await fetch(`${server.url}/readyz`)
  expect([answer.status, await answer.json()]).toEqual([
    200,
    { status: 'ready', database: true, bus: true, clock: true, draining: false },
  ])
  await server.close()
})
