import type { Measurement } from '../bench.ts'
import { Numbers, withDatabase } from '../database/prepared-database.ts'
import { atLeastOfFloor, atMost } from '../figures.ts'
import { countersign } from '../servers/countersign.ts'
import { floor } from '../servers/floors.ts'

const connections = 32
const wallets = 64

/** Each is of another payload, opened before; every signature is checked. */
export const resolutions: Measurement = {
  about: 'resolutions per second with their signature checks, and how late the event loop is',
  run: (bench) =>
    withDatabase('SQLite', async (database) => {
      const count = bench.size('payloads', 500, 5_000)
      const seconds = bench.size('seconds', 2, 8)
      const numbers = new Numbers()
      const ours = countersign(() => database.environment, { args: bench.options.serve })
      const verification = floor('ripple-keypairs, verify', 'verification.ts')
      return bench.compare(
        [ours, verification],
        {
          opens: { what: `opens, ${connections} connections`, unit: 'per s' },
          rate: { what: `resolutions, ${connections} connections`, unit: 'per s', goal: atLeastOfFloor(0.8) },
          p99: { what: '  one, p99', unit: 'ms' },
          late: { what: '  event loop delay, p99', unit: 'ms', goal: atMost(20) },
        },
        (subject) =>
          bench.onServer(subject, async (server, load) => {
            if (subject !== ours) {
              const answer = await fetch(`${server.url}/${seconds}`)
              return { rate: ((await answer.json()) as { perSecond: number }).perSecond }
            }
            const from = numbers.take(count)
            await database.addUnopened(from, count)
            const { port, url, process } = server
            await load.run('registerWallets', { url, count: wallets })
            const requests = { port, connections, count, from }
            const { perSecond: opens } = await load.measure('requests', {
              ...requests,
              plan: { by: 'wallets', act: 'open' },
            })
            const resolving = () => load.measure('requests', { ...requests, plan: { by: 'wallets', act: 'resolve' } })
            const { result, delays } = await process.loopDelaysWhile(resolving)
            return { opens, rate: result.perSecond, p99: result.times.p99, late: delays.p99 }
          }),
      )
    }),
}
