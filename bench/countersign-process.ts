import { startTestServer } from '../src/testing.ts'
import { serveMeasured } from './measured-process.ts'

/** The whole server on SQLite, with an application. */
export interface CountersignReady {
  readonly url: string
  readonly apiKey: string
  readonly apiSecret: string
}

const environment = JSON.parse(process.env['BENCH_ENVIRONMENT']!) as Record<string, string>
const server = await startTestServer({ environment })
const { apiKey, apiSecret } = await server.createApplication()
serveMeasured({ url: server.url, apiKey, apiSecret } satisfies CountersignReady, () => server.close())
