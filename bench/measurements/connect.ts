import type { Measurement } from '../bench.ts'
import { Numbers, withDatabase } from '../database/prepared-database.ts'
import { atLeastOfFloor, atMost } from '../figures.ts'
import { countersign } from '../servers/countersign.ts'
import { bareWs } from '../servers/floors.ts'
import { peers } from '../servers/peers.ts'

const bystanders = 500
const pingsPerSecond = 250
/** Below what Node's listener queues, so that no handshake is lost and repeated a second later. */
const stormAtOnce = 500

/**
 * Sockets that come as fast as they are let in, each to a payload of its own that this process has not read yet: once
 * alone, and once while others, from a load generator of their own, go on pinging.
 */
export const connect: Measurement = {
  about: 'connections per second, and what a storm of 10,000 does to those who are connected',
  run: (bench) =>
    withDatabase('SQLite', async (database) => {
      const [count = 0] = bench.sockets([1_000], [10_000])
      const alone = bench.options.small ? 500 : 5_000
      const numbers = new Numbers()
      const all = bystanders + alone + count
      await database.addUnopened(numbers.take(all), all)
      const [first, second, third] = [1, 1 + bystanders, 1 + bystanders + alone]
      const ours = countersign(() => database.environment, { args: bench.options.serve })
      const storm = `storm of ${count.toLocaleString('en')}`
      return bench.compare(
        [ours, bareWs(), ...peers()],
        {
          rate: { what: 'connections until the first message', unit: 'per s', goal: atLeastOfFloor(0.7) },
          storm: { what: `  in a ${storm}`, unit: 'per s' },
          ping: { what: `  round trip of the others' pings meanwhile, p99`, unit: 'ms', goal: atMost(100) },
        },
        (subject) =>
          bench.onServer(subject, (server, others) =>
            bench.withLoad(async (load) => {
              await others.run('connect', { ...server.target, from: first, count: bystanders, atOnce: 100 })
              const { perSecond: rate } = await load.measure('connect', {
                ...server.target,
                from: second,
                count: alone,
                atOnce: 100,
              })
              const storming = load.measure('connect', { ...server.target, from: third, count, atOnce: stormAtOnce })
              if (subject.name === 'nchan') return { rate, storm: (await storming).perSecond }
              // about as long as the storm
              const seconds = Math.max(1, Math.floor(count / rate))
              const pinging = others.run('ping', { perSecond: pingsPerSecond, seconds })
              const [{ perSecond }, { p99 }] = await Promise.all([storming, pinging])
              await load.run('leave', undefined)
              return { rate, storm: perSecond, ping: p99 }
            }),
          ),
      )
    }),
}
