import { setTimeout } from 'node:timers/promises'
import { payloadId } from '../database/payload-id.ts'
import type { DialectName } from './dialects.ts'
import { HttpPool } from './http-pool.ts'
import { publishText } from './publish-text.ts'
import { spreadOf, type Spread } from './spread-of.ts'
import type { Swarm } from './swarm.ts'
import type { Wallets } from './wallets.ts'

export interface CrowdsRequest {
  readonly port: number
  readonly dialect: DialectName
  readonly by: 'wallets' | 'publishing'
  /** The first of the payloads; each has a crowd of its own. */
  readonly from: number
  readonly crowds: number
  readonly sockets: number
}

const patience = 10_000

/** From sending what is told to each socket's holding it, in milliseconds. */
export const tellCrowds = async (swarm: Swarm, wallets: Wallets, request: CrowdsRequest): Promise<Spread> => {
  const { port, dialect, by, from, crowds, sockets } = request
  const pool = new HttpPool(port)
  const times: number[] = []
  for (let n = 0; n < crowds; n++) {
    const id = payloadId(from + n)
    await swarm.connect({ port, dialect, from: from + n, count: sockets, allOnOne: true, atOnce: 100 })
    if (by === 'wallets') await pool.send(wallets.openText(id))
    const wanted = times.length + sockets
    const asked = performance.now()
    await swarm.observe(
      (_client, data, start, end) => {
        if (data.toString('latin1', start, end).includes('"payload_uuidv4"')) times.push(performance.now() - asked)
      },
      async () => {
        await pool.send(by === 'wallets' ? wallets.resolveText(id) : publishText(id))
        while (times.length < wanted && performance.now() < asked + patience) await setTimeout(5)
      },
    )
    if (times.length < wanted) throw new Error(`${wanted - times.length} of ${sockets} sockets were not told`)
    swarm.leave()
  }
  pool.close()
  return spreadOf(times)
}
