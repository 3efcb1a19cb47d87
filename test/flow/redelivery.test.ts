import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { webhookCommand } from '../../src/cli/webhook-command.ts'
import { startTestServer, type TestApplication, type TestServer } from '../../src/testing.ts'
import { WebhookReceiver } from '../webhook-receiver.ts'

const receiver = new WebhookReceiver()
let folder: string
let DATABASE_URL: string
let server: TestServer
let shop: TestApplication
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-'))
  DATABASE_URL = `sqlite:${join(folder, 'test.db')}`
  const environment = { DATABASE_URL, WEBHOOK_WAIT_SECONDS: '0', WEBHOOK_INTERVAL_SECONDS: '0.05' }
  server = await startTestServer({ environment })
  shop = await server.createApplication({ webhookUrl: await receiver.start() })
})
afterAll(async () => {
  await server.close()
  await receiver.stop()
  await rm(folder, { recursive: true })
})

const admin = async (method: 'GET' | 'POST', path: string): Promise<any> => {
  const headers = { authorization: `Bearer ${server.server.adminToken}` }
  return (await fetch(`${server.url}/api/v1/admin/${path}`, { method, headers })).json()
}
/** The delivery, once an attempt of this number is recorded. */
const attempted = (id: string, number: number): Promise<any> =>
  expect.poll(() => admin('GET', `deliveries/${id}`)).toMatchObject({ delivery: { attempt_count: number } })

it('what failed is sent again by the API at once, and by the command line while the server runs', async () => {
  receiver.answer = (response) => void response.writeHead(503).end('not now')
  const { delivery } = await admin('POST', `applications/${shop.apiKey}/test-event`)
  await attempted(delivery.id, 2)
  const failed = await admin('GET', `deliveries/${delivery.id}`)
  expect(failed.delivery).toMatchObject({ state: 'failed', attempt_count: 2 })
  expect(failed.attempts).toMatchObject([
    { number: 1, trigger: 'scheduled', status: 503, response: 'not now' },
    { number: 2, trigger: 'scheduled', status: 503 },
  ])

  receiver.answer = (response) => void response.end()
  await admin('POST', `deliveries/${delivery.id}/redeliver`)
  await attempted(delivery.id, 3)
  await webhookCommand(() => undefined).parseAsync(['redeliver', delivery.id, '--database-url', DATABASE_URL], {
    from: 'user',
  })
  await attempted(delivery.id, 4)
  const { attempts } = await admin('GET', `deliveries/${delivery.id}`)
  expect(attempts.slice(2)).toMatchObject([
    { number: 3, trigger: 'manual', succeeded: true },
    { number: 4, trigger: 'manual', succeeded: true },
  ])
  expect(
    new Set(receiver.received.map(({ headers, body }) => JSON.stringify([headers['webhook-id'], body]))).size,
  ).toBe(1)
  expect(receiver.received.map(({ headers }) => headers['x-xumm-attempt'])).toEqual(['1', '2', '3', '4'])
})

it('the metrics tell of it', async () => {
  const metrics = await (await fetch(`${server.url}/metrics`)).text()
  expect(metrics).toMatch(/^countersign_webhook_attempts_total\{outcome="5xx"\} 2$/m)
  expect(metrics).toMatch(/^countersign_webhook_attempts_total\{outcome="2xx"\} 2$/m)
  expect(metrics).toMatch(/^countersign_webhook_due 0$/m)
})
