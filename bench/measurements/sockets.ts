import { join } from 'node:path'
import type { Measurement } from '../bench.ts'
import { bareWs } from '../servers/floors.ts'
import { nodeCommand, startMeasured } from '../servers/measured-process.ts'
import { listening, runningServer, type Subject } from '../servers/subject.ts'
import { measureMemory, memoryDefinitions } from './memory.ts'
import { measurePings, pingDefinitions } from './pings.ts'

const liveSide = (name: string, role: Subject['role'], protocol: 'ours' | 'ws'): Subject => ({
  name,
  role,
  missing: null,
  start: async () => {
    const command = nodeCommand(join(import.meta.dirname, '../servers/live-side.ts'))
    const process = await startMeasured({
      command,
      environment: { PROTOCOL: protocol },
      ready: listening,
      collects: true,
    })
    return runningServer(process, process.said[1]!)
  },
})

/** Why status sockets speak WebSocket by our own code: `docs/decisions/0013-our-own-socket-protocol.md`. */
export const sockets: Measurement = {
  about: 'the live side alone on our own protocol and on ws: memory of idle subscribers, CPU of pings',
  run: async (bench) => {
    const counts = bench.sockets([1_000, 2_000], [1_000, 10_000, 19_000])
    const pinging = Math.min(5_000, Math.max(...counts))
    const subjects = [
      liveSide('live side, our own', 'ours', 'ours'),
      liveSide('live side, on ws', 'peer', 'ws'),
      bareWs(60),
    ]
    const memory = await bench.compare(subjects, memoryDefinitions(counts), (subject) =>
      bench.onServer(subject, (server, load) => measureMemory(server, load, counts)),
    )
    const pings = await bench.compare(subjects, pingDefinitions(pinging), (subject) =>
      bench.onServer(subject, async (server, load) => {
        await load.run('connect', { ...server.target, from: 0, count: pinging, atOnce: 100 })
        return measurePings(bench, server, load, pinging)
      }),
    )
    return [...memory, ...pings]
  },
}
