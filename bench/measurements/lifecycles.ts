import type { Definition, Measurement } from '../bench.ts'
import { Numbers, withDatabase } from '../database/prepared-database.ts'
import { atMostOfFloor } from '../figures.ts'
import type { Load } from '../load/load.ts'
import { countersign } from '../servers/countersign.ts'
import { bareWs } from '../servers/floors.ts'
import { peers } from '../servers/peers.ts'

export const perSecond = 200
const wallets = 64
/** Lifecycles before those that count, until what they need is compiled. */
const warmUp = 400

export const lifecycleDefinitions = (goalPlus: number) => {
  const toFrame = (what: string, percent: number): Definition => ({
    what: `${what} to its frame, p${percent}`,
    unit: 'ms',
    ...(percent === 99 ? { goal: atMostOfFloor(1, goalPlus) } : {}),
  })
  return {
    openP50: toFrame('open (a floor: publish)', 50),
    openP99: toFrame('open (a floor: publish)', 99),
    resolveP50: toFrame('resolve (a floor: publish)', 50),
    resolveP99: toFrame('resolve (a floor: publish)', 99),
  }
}

interface Lives {
  readonly port: number
  readonly from: number
  readonly count: number
}

export const measureLifecycles = async (load: Load, url: string, { port, from, count }: Lives) => {
  await load.run('registerWallets', { url, count: wallets })
  await load.run('lifecycles', { port, from, count: warmUp, perSecond })
  const lives = { port, from: from + warmUp, count: count - warmUp, perSecond }
  const { opened, resolved } = await load.measure('lifecycles', lives)
  return { openP50: opened.p50, openP99: opened.p99, resolveP50: resolved.p50, resolveP99: resolved.p99 }
}

/** As many messages as lifecycles have. */
export const measurePublishes = async (load: Load, { port, from, count }: Lives) => {
  const messages = { port, from, perSecond: 2 * perSecond }
  await load.run('publish', { ...messages, count: warmUp })
  const { p50, p99 } = await load.measure('publish', { ...messages, from: from + warmUp, count: count - warmUp })
  return { openP50: p50, openP99: p99, resolveP50: p50, resolveP99: p99 }
}

/** From the request to the frame, durable commit and signature check included; the others pass on what they are given. */
export const lifecycles: Measurement = {
  about: 'from open and resolve to the frame: 10,000 sockets, 200 lifecycles a second, one node on SQLite',
  run: (bench) =>
    withDatabase('SQLite', async (database) => {
      const [sockets = 0] = bench.sockets([1_000], [10_000])
      const count = Math.min(sockets, perSecond * bench.size('seconds', 3, 20))
      const numbers = new Numbers()
      const ours = countersign(() => database.environment, { args: bench.options.serve })
      return bench.compare([ours, bareWs(), ...peers()], lifecycleDefinitions(10), async (subject) => {
        const from = numbers.take(sockets)
        if (subject === ours) await database.addUnopened(from, sockets)
        return bench.onServer(subject, async (server, load) => {
          await load.run('connect', { ...server.target, from, count: sockets, atOnce: 100 })
          const lives = { port: server.port, from, count }
          return subject === ours ? measureLifecycles(load, server.url, lives) : measurePublishes(load, lives)
        })
      })
    }),
}
