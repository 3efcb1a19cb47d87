import { setTimeout } from 'node:timers/promises'
import type { Definition, Measurement } from '../bench.ts'
import { withDatabase } from '../database/prepared-database.ts'
import { atMost, atMostOfFloor } from '../figures.ts'
import { countersign } from '../servers/countersign.ts'
import { bareWs, bareWsWithPings } from '../servers/floors.ts'
import { peers } from '../servers/peers.ts'

const pingsPerSecond = 200
const pingSeconds = 15

const definitionsFor = (count: number): Record<string, Definition> => {
  const sockets = `${count.toLocaleString('en')} sockets`
  return {
    [`cpu ${count}`]: { what: `keepalive every 15 s, CPU, ${sockets}`, unit: '% of a core', goal: atMostOfFloor(0.65) },
    [`ping ${count}`]: { what: `  ping round trip meanwhile, p99.9`, unit: 'ms', goal: atMost(20) },
  }
}

/** Sockets that came as fast as they could; first two rounds of the keepalive alone, then some of them also ping. */
export const keepalive: Measurement = {
  about: 'CPU of a keepalive every 15 s at 10,000 and 19,000 sockets, and pings meanwhile',
  run: (bench) =>
    withDatabase('SQLite', async (database) => {
      const counts = bench.sockets([1_000], [10_000, 19_000])
      const seconds = bench.size('seconds', 15, 30)
      await database.addUnopened(0, Math.max(...counts))
      const ours = countersign(() => database.environment, { args: bench.options.serve })
      const definitions = Object.assign({}, ...counts.map(definitionsFor)) as Record<string, Definition>
      return bench.compare([ours, bareWs(), bareWsWithPings(), ...peers()], definitions, async (subject) => {
        const answer: Record<string, number> = {}
        // what peers do with more is not asked
        for (const count of subject.role === 'peer' ? counts.slice(0, 1) : counts) {
          await bench.onServer(subject, async (server, load) => {
            await load.run('connect', { ...server.target, from: 0, count, atOnce: 100 })
            await server.process.settledBytes()
            const [cpuBefore, begin] = [server.process.cpuTime(), performance.now()]
            await setTimeout(seconds * 1_000)
            const cpu = (server.process.cpuTime() - cpuBefore) / (performance.now() - begin)
            answer[`cpu ${count}`] = cpu * 100
            if (subject.name === 'nchan') return
            const { p999 } = await load.measure('ping', { perSecond: pingsPerSecond, seconds: pingSeconds })
            answer[`ping ${count}`] = p999
          })
        }
        return answer
      })
    }),
}
