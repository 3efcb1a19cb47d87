import type { Measurement } from '../bench.ts'
import { Numbers, withDatabase } from '../database/prepared-database.ts'
import { atMostOfFloor } from '../figures.ts'
import { countersign } from '../servers/countersign.ts'
import { bareWs } from '../servers/floors.ts'
import { peers } from '../servers/peers.ts'

const crowds = 10

/** One payload with many subscribers is resolved; then the next, with as many new ones. */
export const crowd: Measurement = {
  about: 'from resolve to the frame of each of 1,000 subscribers of one payload',
  run: (bench) =>
    withDatabase('SQLite', async (database) => {
      const [sockets = 0] = bench.sockets([1_000], [1_000])
      const numbers = new Numbers()
      const environment = { ...database.environment, SOCKETS_PER_PAYLOAD: `${sockets}` }
      const ours = countersign(() => environment, { args: bench.options.serve })
      const told = `resolve (a floor: publish) to the frames of ${sockets.toLocaleString('en')} of one payload`
      return bench.compare(
        [ours, bareWs(), ...peers()],
        {
          p50: { what: `${told}, p50`, unit: 'ms' },
          p99: { what: `${told}, p99`, unit: 'ms', goal: atMostOfFloor(1, 10) },
        },
        async (subject) => {
          const from = numbers.take(crowds)
          if (subject === ours) await database.addUnopened(from, crowds)
          return bench.onServer(subject, async (server, load) => {
            const by = subject === ours ? 'wallets' : 'publishing'
            if (subject === ours) await load.run('registerWallets', { url: server.url, count: 1 })
            const request = { ...server.target, by, from, crowds, sockets } as const
            const { p50, p99 } = await load.measure('tellCrowds', request)
            return { p50, p99 }
          })
        },
      )
    }),
}
