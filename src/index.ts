/** The public surface, listed by hand; `test/boundary/public-surface.test.ts` pins it. */
export { createServer, type Server } from './create-server.ts'
export { ConfigurationError, readConfiguration, type Configuration } from './configuration/configuration.ts'
export { describeRefusal, isRefusal, refusals, type Refusal, type RefusalReason } from './refusals.ts'
export type { ReceivedWebhook } from './webhook/received-webhook.ts'
export { verifyWebhook, type WebhookVerdict } from './webhook/verify-webhook.ts'
