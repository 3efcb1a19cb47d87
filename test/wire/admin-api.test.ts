import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isRefusal } from '../../src/refusals.ts'
import { aPayload } from '../payload-fixture.ts'
import { startAdminServer, type AdminServer } from './admin-server.ts'

let server: AdminServer
beforeEach(async () => {
  server = await startAdminServer()
})
afterEach(() => server.close())

const refused = (status: number, code = status) => ({ status, body: { error: { code, message: expect.any(String) } } })
const list = async (query = ''): Promise<string[]> =>
  (await server.call('GET', `deliveries${query}`)).body.deliveries.map(({ id }: { id: string }) => id)

describe('the list of deliveries', () => {
  it('says of each what became of it', async () => {
    const id = await server.owe()
    const page = await server.call('GET', 'deliveries')
    expect(page).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } })
    expect(page.body).toEqual({
      deliveries: [
        {
          id,
          application_uuidv4: server.shop,
          payload_uuidv4: null,
          event: 'resolved',
          url: 'https://shop.test/hook',
          state: 'owed',
          created_at: '2026-01-31T12:00:00Z',
          due_at: '2026-01-31T12:00:00Z',
          attempt_count: 0,
        },
      ],
      next: null,
    })
    await server.attempt(true)
    const [delivered] = (await server.call('GET', 'deliveries')).body.deliveries
    expect(delivered).toMatchObject({ state: 'delivered', due_at: null, attempt_count: 1 })
  })

  it('is filtered by application, payload and state', async () => {
    const other = await server.addApplication()
    const payloadId = await aStoredPayload()
    const failed = await server.owe({ payloadId })
    await server.attempt(false)
    const owed = await server.owe()
    const another = await server.owe({ applicationId: other })
    expect(await list(`?application=${server.shop.toUpperCase()}`)).toEqual(expect.arrayContaining([owed, failed]))
    expect(await list(`?application=${other}`)).toEqual([another])
    expect(await list(`?payload=${payloadId}`)).toEqual([failed])
    expect(await list('?state=failed')).toEqual([failed])
    expect(await list(`?state=delivered&application=${other}`)).toEqual([])
  })

  it('comes in pages, newest first', async () => {
    const ids: string[] = []
    for (let index = 0; index < 5; index++) {
      ids.unshift(await server.owe())
      server.clock.time += 1
    }
    const first = (await server.call('GET', 'deliveries?limit=2')).body
    expect(first.next).toBe(ids[1])
    const second = (await server.call('GET', `deliveries?limit=2&before=${first.next}`)).body
    const third = (await server.call('GET', `deliveries?limit=2&before=${second.next}`)).body
    expect([...first.deliveries, ...second.deliveries, ...third.deliveries].map(({ id }) => id)).toEqual(ids)
    expect(third.next).toBeNull()
  })

  it.each(['application=shop', 'payload=1', 'state=lost', 'limit=201', 'limit=0', 'before=%00', 'state=a&state=b'])(
    'refuses ?%s',
    async (query) => {
      expect(await server.call('GET', `deliveries?${query}`)).toMatchObject(refused(400, 606))
    },
  )
})

describe('one delivery', () => {
  it('is shown with the text that is sent and every attempt', async () => {
    const id = await server.owe({ body: '{"text":"ü"}' })
    await server.attempt(false)
    const { body } = await server.call('GET', `deliveries/${id}`)
    expect(body.delivery).toMatchObject({ id, state: 'failed', attempt_count: 1, body: '{"text":"ü"}' })
    expect(body.attempts).toEqual([
      {
        number: 1,
        trigger: 'scheduled',
        started_at: '2026-01-31T12:00:00Z',
        duration_ms: 42,
        status: 503,
        outcome: 'answered 503',
        succeeded: false,
        response: 'the answer',
      },
    ])
  })

  it('is redelivered with its id and body, to the URL that the application has by now', async () => {
    const id = await server.owe({ body: '{"a":1}' })
    await server.attempt(false)
    await server.applications.update(server.shop, { webhookUrl: 'https://shop.test/moved' })
    const { status, body } = await server.call('POST', `deliveries/${id}/redeliver`)
    expect(status).toBe(200)
    const moved = { id, state: 'owed', url: 'https://shop.test/moved', body: '{"a":1}', attempt_count: 1 }
    expect(body.delivery).toMatchObject(moved)
    expect(server.wakes()).toBe(1)
    await server.attempt(true)
    const { attempts } = (await server.call('GET', `deliveries/${id}`)).body
    expect(attempts).toMatchObject([
      { number: 1, trigger: 'scheduled' },
      { number: 2, trigger: 'manual', succeeded: true },
    ])
  })

  it('is not redelivered while an attempt is under way, or before it is due at all', async () => {
    const underWay = await server.owe()
    expect(await server.claim()).toHaveLength(1)
    const later = await server.owe({ event: 'expired', dueAt: server.clock.time + 60_000 })
    for (const id of [underWay, later]) {
      expect(await server.call('POST', `deliveries/${id}/redeliver`)).toMatchObject(refused(409))
    }
    expect(server.wakes()).toBe(0)
  })

  it.each([`msg_${'0'.repeat(32)}`, 'nothing', '%00'])('is not found as %s', async (id) => {
    expect(await server.call('GET', `deliveries/${id}`)).toMatchObject(refused(404))
    expect(await server.call('POST', `deliveries/${id}/redeliver`)).toMatchObject(refused(404))
  })
})

describe('what failed since a time', () => {
  const redeliver = (body: unknown) => server.call('POST', 'deliveries/redeliver-failed', { body })

  it('is redelivered, of all applications or of one', async () => {
    const other = await server.addApplication()
    await server.owe()
    await server.attempt(false)
    server.clock.time += 60_000
    const since = new Date(server.clock.time).toISOString()
    const [mine, theirs] = [await server.owe(), await server.owe({ applicationId: other })]
    await server.attempt(false)
    await server.attempt(false, other)
    expect(await redeliver({ since, application: other })).toMatchObject({ status: 200, body: { redelivered: 1 } })
    expect(await list('?state=owed')).toEqual([theirs])
    expect((await redeliver({ since })).body).toEqual({ redelivered: 1 })
    expect(await list(`?state=owed&application=${server.shop}`)).toEqual([mine])
    expect(server.wakes()).toBe(2)
    expect((await redeliver({ since })).body).toEqual({ redelivered: 0 })
    expect(server.wakes()).toBe(2)
  })

  it.each([{}, { since: 'yesterday' }, { since: '2026-01-31' }, { since: 1769860800 }])(
    'has to be asked for by a time: %j',
    async (body) => {
      expect(await redeliver(body)).toMatchObject(refused(400, 606))
    },
  )

  it.each([randomUUID(), 'shop'])('is not looked for when there is no such application: %s', async (application) => {
    expect(await redeliver({ since: '2026-01-31T00:00:00Z', application })).toMatchObject(refused(404))
  })
})

describe('a test event', () => {
  const send = (application: string, body?: unknown) =>
    server.call('POST', `applications/${application}/test-event`, { body })

  it('is owed at once, and is about no payload', async () => {
    const { status, body } = await send(server.shop)
    expect(status).toBe(200)
    const { delivery } = body
    expect(delivery).toMatchObject({
      event: 'test',
      payload_uuidv4: null,
      url: 'https://shop.test/hook',
      state: 'owed',
    })
    const sent = JSON.parse(delivery.body)
    expect(sent.meta).toMatchObject({ event: 'test', application_uuidv4: server.shop })
    expect(sent).not.toHaveProperty('payloadResponse')
    expect(await server.claim()).toMatchObject([{ id: delivery.id }])
    expect(server.wakes()).toBe(1)
  })

  it('goes to the URL of the other events when asked to', async () => {
    const application = await server.addApplication({ webhookUrl: '', eventsUrl: 'https://shop.test/events' })
    expect((await send(application, { to: 'events' })).body.delivery).toMatchObject({ url: 'https://shop.test/events' })
    expect(await send(application, { to: 'webhook' })).toMatchObject(refused(409))
    expect(await send(application, { to: 'elsewhere' })).toMatchObject(refused(400, 606))
  })

  it.each([randomUUID(), 'shop'])('is not sent to an application that is not there: %s', async (id) => {
    expect(await send(id)).toMatchObject(refused(404))
  })
})

describe('refused signatures', () => {
  it('are shown with the check that failed', async () => {
    const id = await aStoredPayload()
    const signature = { txid: 'AB', account: 'rPEPPER7kfTD9w2To4CQk6UCfuHM9c6GDY' }
    await server.payloads.change(id, null, ({ payload }) => ({
      payload,
      refusedSignature: { ...signature, reason: 'templateMismatch', message: 'Amount differs.' },
    }))
    expect((await server.call('GET', `payloads/${id}/refused-signatures`)).body).toEqual({
      refused_signatures: [
        { ...signature, check: 'templateMismatch', message: 'Amount differs.', refused_at: '2026-01-31T12:00:00Z' },
      ],
    })
  })

  it.each([randomUUID(), 'nothing'])('are not found for a payload that is not there: %s', async (id) => {
    expect(await server.call('GET', `payloads/${id}/refused-signatures`)).toMatchObject(refused(404))
  })
})

const aStoredPayload = async (): Promise<string> => {
  const { request, customMeta } = aPayload()
  const asked = { id: randomUUID(), applicationId: server.shop, request, customMeta, pushedTo: null, lifetime: 60_000 }
  const created = await server.payloads.create(asked, () => [])
  if (isRefusal(created)) throw new Error(created.refused)
  return created.id
}
