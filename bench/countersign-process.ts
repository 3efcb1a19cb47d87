import { startTestServer } from '../src/testing.ts'
import { serveMeasured } from './measured-process.ts'

/** The whole server on SQLite, with an application. */
export interface CountersignReady {
  readonly url: string
  readonly apiKey: string
  readonly apiSecret: string
  /** One more application for each of the webhook URLs asked for. */
  readonly receiving: readonly { readonly apiKey: string; readonly apiSecret: string }[]
}

const { BENCH_WEBHOOK_URLS: webhookUrls = '', ...environment } = JSON.parse(
  process.env['BENCH_ENVIRONMENT']!,
) as Record<string, string>
const server = await startTestServer({ environment })
const { apiKey, apiSecret } = await server.createApplication()
const receiving = []
for (const webhookUrl of webhookUrls.split(',').filter((one) => one !== '')) {
  const { apiKey: key, apiSecret: secret } = await server.createApplication({ webhookUrl })
  receiving.push({ apiKey: key, apiSecret: secret })
}
serveMeasured({ url: server.url, apiKey, apiSecret, receiving } satisfies CountersignReady, () => server.close())
