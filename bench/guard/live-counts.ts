import type { Bench } from '../bench.ts'
import { withDatabase } from '../database/prepared-database.ts'
import { countersign } from '../servers/countersign.ts'

export interface LiveCounts {
  /** Messages for each subscriber of a payload that is opened and resolved. */
  readonly framesPerSubscriber: number
  /** Reads of the database for 2,000 sockets that come at once, each to a payload of its own. */
  readonly readsOfStorm: number
}

const subscribers = 500
const storm = 2_000

/**
 * What the server counted of itself. On PostgreSQL, where sockets that come while a read is under way share the next; on
 * SQLite a read is over before anybody else comes.
 */
export const countLive = (bench: Bench): Promise<LiveCounts> =>
  withDatabase('PostgreSQL', async (database) => {
    await database.addUnopened(0, storm + 1)
    const environment = { ...database.environment, SOCKETS_PER_PAYLOAD: `${subscribers}`, KEEPALIVE_SECONDS: '60' }
    return bench.onServer(
      countersign(() => environment),
      async ({ url, target }, load) => {
        await load.run('registerWallets', { url, count: 1 })
        const crowd = { ...target, by: 'wallets', from: storm, crowds: 1, sockets: subscribers } as const
        await load.run('tellCrowds', crowd)
        const framesPerSubscriber = (await metric(url, 'countersign_live_frames_total')) / subscribers
        const before = await metric(url, 'countersign_live_reads_total')
        await load.run('connect', { ...target, from: 0, count: storm, atOnce: 500 })
        const readsOfStorm = (await metric(url, 'countersign_live_reads_total')) - before
        return { framesPerSubscriber, readsOfStorm }
      },
    )
  })

const metric = async (url: string, name: string): Promise<number> => {
  const text = await (await fetch(`${url}/metrics`)).text()
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)![1])
}
