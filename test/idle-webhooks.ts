import { randomUUID } from 'node:crypto'
import type { Webhooks } from '../src/payload/webhooks.ts'
import { owedWebhooks } from '../src/webhook/owed-webhooks.ts'

/** Webhooks are owed, and nobody is woken to deliver them. */
export const idleWebhooks: Webhooks = { ...owedWebhooks(randomUUID), wake: () => undefined }
