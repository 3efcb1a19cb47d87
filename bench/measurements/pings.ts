import { withDatabase } from '../database/prepared-database.ts'
import type { Bench, Measurement } from '../bench.ts'
import { atMostOfFloor } from '../figures.ts'
import type { Load } from '../load/load.ts'
import { countersign } from '../servers/countersign.ts'
import { bareWs } from '../servers/floors.ts'
import { peers } from '../servers/peers.ts'
import type { RunningServer } from '../servers/subject.ts'

export const pingDefinitions = (count: number) => ({
  cpu: { what: `CPU for 1,000 pings, ${count.toLocaleString('en')} clients`, unit: 'ms', goal: atMostOfFloor(1) },
  p50: { what: '  round trip, p50', unit: 'ms' },
  p99: { what: '  round trip, p99', unit: 'ms' },
})

/** Of so many clients that are connected, each pings every 2 s. */
export const measurePings = async (bench: Bench, { process }: RunningServer, load: Load, count: number) => {
  const perSecond = count / 2
  // until what answers is compiled
  await load.run('ping', { perSecond, seconds: 3 })
  const before = process.cpuTime()
  const { count: answered, p50, p99 } = await load.measure('ping', { perSecond, seconds: bench.size('seconds', 6, 20) })
  return { cpu: ((process.cpuTime() - before) / answered) * 1_000, p50, p99 }
}

/** What official SDKs do: each client sends a message every 2 s, and each is answered. */
export const pings: Measurement = {
  about: 'CPU of answering 5,000 clients that send a ping every 2 s, and their round trips',
  run: (bench) =>
    withDatabase('SQLite', async (database) => {
      const [count = 0] = bench.sockets([1_000], [5_000])
      await database.addUnopened(0, count)
      const ours = countersign(() => database.environment, { args: bench.options.serve })
      const subjects = [ours, bareWs(), ...peers().filter(({ name }) => name !== 'nchan')]
      bench.note('nchan: its clients cannot say anything')
      return bench.compare(subjects, pingDefinitions(count), (subject) =>
        bench.onServer(subject, async (server, load) => {
          await load.run('connect', { ...server.target, from: 0, count, atOnce: 100 })
          return measurePings(bench, server, load, count)
        }),
      )
    }),
}
