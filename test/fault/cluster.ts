import { ApplicationClient, type Credentials } from '../application-client.ts'
import { jsonOf, runCountersign, startCountersign, urlOf, type CountersignProcess } from '../countersign-process.ts'
import { OwnPostgres } from '../own-postgres.ts'
import { startRedis, type RedisServer } from '../redis.ts'
import { registerBusyWallet, type BusyWallet } from './busy-wallet.ts'

type Environment = Readonly<Record<string, string>>

/** One `countersign serve`. */
export interface ClusterNode {
  readonly url: string
  readonly port: number
  readonly process: CountersignProcess
}

/** A database and, if asked for, a Redis of a test's own, and as many nodes on them as it starts. */
export class Cluster {
  readonly postgres: OwnPostgres
  readonly redis: RedisServer | null
  readonly credentials: Credentials
  readonly #environment: Environment
  readonly #nodes = new Set<ClusterNode>()

  private constructor(
    postgres: OwnPostgres,
    redis: RedisServer | null,
    environment: Environment,
    credentials: Credentials,
  ) {
    this.postgres = postgres
    this.redis = redis
    this.#environment = environment
    this.credentials = credentials
  }

  static async start({ redis: withRedis }: { readonly redis: boolean }, settings: Environment = {}): Promise<Cluster> {
    const postgres = await OwnPostgres.start()
    const redis = withRedis ? await startRedis() : null
    const environment = {
      DATABASE_URL: postgres.url(),
      ...(redis === null ? {} : { REDIS_URL: redis.url }),
      COUNTERSIGN_SECRET_KEY: '0'.repeat(64),
      HOST: '127.0.0.1',
      PORT: '0',
      ...settings,
    }
    const created = jsonOf(await runCountersign(['app', 'create', '--name', 'Shop', '--json'], { environment }))
    return new Cluster(postgres, redis, environment, { apiKey: created.api_key, apiSecret: created.api_secret })
  }

  /** Resolves once it listens. */
  async startNode(settings: Environment = {}): Promise<ClusterNode> {
    const process = startCountersign(['serve'], { environment: { ...this.#environment, ...settings } })
    const url = await urlOf(process)
    const node = { url, port: Number(new URL(url).port), process }
    this.#nodes.add(node)
    return node
  }

  applicationAt({ url }: { readonly url: string }): ApplicationClient {
    return new ApplicationClient(url, this.credentials)
  }

  registerWallets({ url }: { readonly url: string }, count: number): Promise<BusyWallet[]> {
    return Promise.all(Array.from({ length: count }, () => registerBusyWallet(url)))
  }

  /** Ends everything, at once. */
  async stop(): Promise<void> {
    for (const { process } of this.#nodes) {
      // one that was stopped with SIGSTOP ends all the same
      process.send('SIGKILL')
      await process.ended
    }
    await this.redis?.stop()
    await this.postgres.destroy()
  }
}

/** A number of the node's own metrics, of all labels together. */
export const metricOf = async ({ url }: ClusterNode, name: string): Promise<number> => {
  const text = await (await fetch(`${url}/metrics`)).text()
  const lines = text.split('\n').filter((line) => line.startsWith(name) && /^[ {]/.test(line.slice(name.length)))
  if (lines.length === 0) throw new Error(`there is no metric ${name}`)
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0)
}

export interface ReadinessAnswer {
  readonly ready: boolean
  readonly [part: string]: unknown
}

/** What the node says of its readiness. */
export const readinessOf = async ({ url }: Pick<ClusterNode, 'url'>): Promise<ReadinessAnswer> => {
  const response = await fetch(`${url}/readyz`)
  return { ...((await response.json()) as object), ready: response.status === 200 }
}
