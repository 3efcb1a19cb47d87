import type { Bench, Measurement } from '../bench.ts'
import { Numbers, withDatabase } from '../database/prepared-database.ts'
import type { Figure } from '../figures.ts'
import { startCountersign, type Environment } from '../servers/countersign.ts'
import { bareWs } from '../servers/floors.ts'
import { redisUrl } from '../servers/redis-url.ts'
import type { Subject } from '../servers/subject.ts'
import { lifecycleDefinitions, measureLifecycles, measurePublishes, perSecond } from './lifecycles.ts'

/** Requests go to one node, sockets are on the other, and both run on the servers' cores. */
const twoNodes = async (bench: Bench, bus: 'Redis' | 'PostgreSQL alone'): Promise<Figure[]> =>
  withDatabase('PostgreSQL', async (database) => {
    const [sockets = 0] = bench.sockets([1_000], [10_000])
    const count = Math.min(sockets, perSecond * bench.size('seconds', 3, 20))
    const numbers = new Numbers()
    const environment: Environment = { ...database.environment, ...(bus === 'Redis' ? { REDIS_URL: redisUrl } : {}) }
    const ours: Subject = {
      name: `countersign, two nodes, ${bus}`,
      role: 'ours',
      missing: null,
      start: () => startCountersign(environment, bench.options.serve),
    }
    // what reconciliation brings takes up to its second, and the database's time to tell
    const definitions = lifecycleDefinitions(bus === 'Redis' ? 20 : 1_500)
    return bench.compare([ours, bareWs()], definitions, async (subject) => {
      const from = numbers.take(sockets)
      if (subject === ours) await database.addUnopened(from, sockets)
      return bench.onServer(subject, async (server, load) => {
        await load.run('connect', { ...server.target, from, count: sockets, atOnce: 100 })
        const lives = { from, count }
        if (subject !== ours) return measurePublishes(load, { ...lives, port: server.port })
        const other = await startCountersign(environment, bench.options.serve)
        const answer = await measureLifecycles(load, other.url, { ...lives, port: other.port })
        await other.stop()
        return answer
      })
    })
  })

export const twoNodesRedis: Measurement = {
  about: 'the same with requests at one node and sockets at another, Redis between them',
  run: (bench) => twoNodes(bench, 'Redis'),
}

export const twoNodesAlone: Measurement = {
  about: 'the same with nothing between them but PostgreSQL',
  run: (bench) => twoNodes(bench, 'PostgreSQL alone'),
}
