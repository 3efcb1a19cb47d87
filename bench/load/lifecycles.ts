import { setTimeout } from 'node:timers/promises'
import { payloadId } from '../database/payload-id.ts'
import { Arrivals } from './arrivals.ts'
import { HttpPool } from './http-pool.ts'
import { atPace } from './pace.ts'
import { publishText } from './publish-text.ts'
import { beginsWith } from './socket-client.ts'
import { spreadOf, type Spread } from './spread-of.ts'
import type { Swarm } from './swarm.ts'
import type { Wallets } from './wallets.ts'

export interface LifecyclesRequest {
  /** Where the requests go, which need not be where the sockets are. */
  readonly port: number
  readonly from: number
  readonly count: number
  readonly perSecond: number
}

/** From sending a request to holding the frame that tells of it, in milliseconds. */
export interface Lifecycles {
  readonly opened: Spread
  readonly resolved: Spread
}

/** Between a wallet's having the request and its signature. */
const thinking = 300
const patienceSeconds = 15

/** Sign requests that are watched are opened and signed, so many a second, one payload after the other. */
export const runLifecycles = async (
  swarm: Swarm,
  wallets: Wallets,
  { port, from, count, perSecond }: LifecyclesRequest,
): Promise<Lifecycles> => {
  const pool = new HttpPool(port)
  const [opened, resolved] = [new Arrivals(), new Arrivals()]
  const live = async (id: string): Promise<void> => {
    opened.expect(id)
    await pool.send(wallets.openText(id))
    await setTimeout(thinking)
    resolved.expect(id)
    await pool.send(wallets.resolveText(id))
  }
  await swarm.observe(
    ({ id }, data, start, end) => {
      if (beginsWith(data, start, end, '{"opened"')) opened.arrive(id)
      else if (beginsWith(data, start, end, '{"payload_uuidv4"')) resolved.arrive(id)
    },
    async () => {
      await atPace(count, perSecond, (n) => live(payloadId(from + n)))
      await Promise.all([opened.all(patienceSeconds), resolved.all(patienceSeconds)])
    },
  )
  pool.close()
  return { opened: spreadOf(opened.times), resolved: spreadOf(resolved.times) }
}

/** The same of a server that only passes on what it is given. */
export const runPublishes = async (
  swarm: Swarm,
  { port, from, count, perSecond }: LifecyclesRequest,
): Promise<Spread> => {
  const pool = new HttpPool(port)
  const published = new Arrivals()
  await swarm.observe(
    ({ id }, data, start, end) => {
      if (data.toString('latin1', start, end).includes('"payload_uuidv4"')) published.arrive(id)
    },
    async () => {
      await atPace(count, perSecond, (n) => {
        const id = payloadId(from + n)
        published.expect(id)
        return pool.send(publishText(id))
      })
      await published.all(patienceSeconds)
    },
  )
  pool.close()
  return spreadOf(published.times)
}
