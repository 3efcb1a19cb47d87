import { setTimeout } from 'node:timers/promises'
import type { Measurement } from '../bench.ts'
import { withDatabase } from '../database/prepared-database.ts'
import { atMostOfFloor } from '../figures.ts'
import { startLoad, type Load } from '../load/load.ts'
import { countersign } from '../servers/countersign.ts'
import { redisUrl } from '../servers/redis-url.ts'
import type { RunningServer, Subject } from '../servers/subject.ts'

/** A process may have 20,000 descriptors on small machines. */
const mostOfOneProcess = 17_000
const first = 200

interface Node {
  readonly server: RunningServer
  readonly load: Load
}

/** Several nodes on one PostgreSQL and one Redis hold 100,000 sockets, each a topic of its own; against one node that holds 10,000. */
export const topics: Measurement = {
  about: '100,000 topics over several processes: memory and keepalive CPU of each, against 10,000 on one',
  run: (bench) =>
    withDatabase('PostgreSQL', async (database) => {
      const [many = 0, few = 0] = bench.sockets([4_000, 1_000], [100_000, 10_000])
      const seconds = bench.size('seconds', 15, 30)
      await database.addUnopened(0, many)
      const nodesFor = (count: number): number =>
        bench.options.small ? Math.ceil(count / 1_000) : Math.ceil(count / mostOfOneProcess)
      const nameOf = (count: number): string => `countersign, ${count.toLocaleString('en')} on ${nodesFor(count)}`
      const ours = countersign(() => ({ ...database.environment, REDIS_URL: redisUrl }), {
        name: nameOf(many),
        args: bench.options.serve,
      })
      const floor: Subject = { ...ours, name: nameOf(few), role: 'floor' }
      return bench.compare(
        [ours, floor],
        {
          memory: { what: 'memory per topic and subscriber', unit: 'KiB', goal: atMostOfFloor(1.1) },
          cpu: { what: 'keepalive CPU for 1,000 subscribers', unit: '% of a core', goal: atMostOfFloor(1.1) },
        },
        async (subject) => {
          const total = subject === ours ? many : few
          const nodes: Node[] = []
          try {
            for (let n = 0; n < nodesFor(total); n++) {
              nodes.push({ server: await subject.start(), load: startLoad(bench.busyness) })
            }
            const each = Math.floor(total / nodes.length)
            const held = each * nodes.length
            const hold = async (begin: number, end: number): Promise<number> => {
              for (const [index, { server, load }] of nodes.entries()) {
                const from = index * each + begin
                await load.run('connect', { ...server.target, from, count: end - begin, atOnce: 100 })
              }
              const sizes = await Promise.all(nodes.map(({ server }) => server.process.settledBytes()))
              return sizes.reduce((sum, size) => sum + size, 0)
            }
            const cpuTime = (): number => nodes.reduce((sum, { server }) => sum + server.process.cpuTime(), 0)
            const before = await hold(0, first)
            const memory = ((await hold(first, each)) - before) / (held - first * nodes.length) / 1024
            const [cpuBefore, begin] = [cpuTime(), performance.now()]
            await setTimeout(seconds * 1_000)
            const cpu = ((cpuTime() - cpuBefore) / (performance.now() - begin)) * 100
            return { memory, cpu: (cpu / held) * 1_000 }
          } finally {
            for (const { server, load } of nodes) {
              await load.stop()
              await server.stop()
            }
          }
        },
      )
    }),
}
