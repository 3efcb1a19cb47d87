import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import type { Attempt } from '../webhook/delivery.ts'
import { measureWebhooks } from './webhook-metrics.ts'

const attempt = (changes: Partial<Attempt>): Attempt => ({
  deliveryId: `msg_${'a'.repeat(32)}`,
  number: 1,
  trigger: 'scheduled',
  startedAt: 0,
  duration: 120,
  status: 200,
  outcome: 'answered 200',
  succeeded: true,
  response: '',
  ...changes,
})

test('counts attempts by the class of their answer, and how long they took', async () => {
  const registry = new Registry()
  const { observe } = measureWebhooks(registry, async () => ({ due: 0, oldestAge: null }))
  for (const status of [200, 204, 503, null]) observe(attempt({ status }))
  const text = await registry.metrics()
  expect(text).toContain('countersign_webhook_attempts_total{outcome="2xx"} 2')
  expect(text).toContain('countersign_webhook_attempts_total{outcome="5xx"} 1')
  expect(text).toContain('countersign_webhook_attempts_total{outcome="no_answer"} 1')
  expect(text).toContain('countersign_webhook_attempt_duration_seconds_bucket{le="0.25"} 4')
})

test('asks once for what is due and for how long', async () => {
  const registry = new Registry()
  let asked = 0
  measureWebhooks(registry, async () => {
    asked += 1
    return { due: 7, oldestAge: 61_500 }
  })
  const text = await registry.metrics()
  expect(text).toContain('countersign_webhook_due 7')
  expect(text).toContain('countersign_webhook_oldest_undelivered_seconds 61.5')
  expect(asked).toBe(1)
})

test('knows nothing of what is owed while the database does not answer, and says so', async () => {
  const registry = new Registry()
  measureWebhooks(registry, async () => {
    throw new Error('down')
  })
  const text = await registry.metrics()
  expect(text).toContain('countersign_webhook_due Nan')
  expect(text).toContain('countersign_webhook_oldest_undelivered_seconds Nan')
})
