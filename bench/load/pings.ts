import { setTimeout } from 'node:timers/promises'
import { dialects } from './dialects.ts'
import { atPace } from './pace.ts'
import { beginsWith } from './socket-client.ts'
import { spreadOf, type Spread } from './spread-of.ts'
import type { Swarm } from './swarm.ts'

export interface PingRequest {
  readonly perSecond: number
  readonly seconds: number
}

/** How long an answer may take that is still waited for. */
const patience = 2_000

/** The clients take turns with pings; one that was not answered yet is passed over. @returns round trips in milliseconds */
export const sendPings = async (swarm: Swarm, { perSecond, seconds }: PingRequest): Promise<Spread> => {
  const { ping } = dialects[swarm.dialect]
  if (ping === null) throw new Error('these clients cannot say anything')
  const trips: number[] = []
  const { clients } = swarm
  for (const client of clients) client.askedAt = 0
  await swarm.observe(
    (client, data, start, end) => {
      if (client.askedAt === 0 || !beginsWith(data, start, end, ping.answer)) return
      trips.push(performance.now() - client.askedAt)
      client.askedAt = 0
    },
    async () => {
      await atPace(perSecond * seconds, perSecond, async (n) => {
        const client = clients[n % clients.length]!
        if (client.askedAt !== 0) return
        client.askedAt = performance.now()
        client.send(ping.frame)
      })
      const deadline = performance.now() + patience
      while (performance.now() < deadline && clients.some(({ askedAt }) => askedAt !== 0)) await setTimeout(5)
    },
  )
  return spreadOf(trips)
}
