import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { percentile } from './figures.ts'
import { startMeasured } from './measured-process.ts'
import type { ClientsTask } from './socket-clients-process.ts'
import type { SocketServer, SocketServerReady } from './socket-server-process.ts'

const servers: readonly SocketServer[] = ['floor', 'live on ws', 'live']
const counts = [1_000, 10_000, 19_000]
const pinging: ClientsTask = { ping: 5_000, everySeconds: 2, seconds: 10 }
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 5)
/** What the first sockets take was allocated and compiled once for all. */
const first = 100

/**
 * What a status socket costs the server's process, one payload each: resident memory while nothing happens, and CPU time
 * for the answers to clients' pings. The floor is a bare `ws` server that holds a map of sockets.
 */
export const measureStatusSockets = async (): Promise<string[]> => {
  const lines: string[] = []
  for (const flags of [[], ['--max-semi-space-size=1']]) {
    const figures = new Map(servers.map((server) => [server, [] as number[][]]))
    for (let round = 0; round < rounds; round++) {
      for (const server of servers) figures.get(server)!.push(await measure(server, flags))
    }
    lines.push('', flags.length === 0 ? 'Node as it is' : flags.join(' '))
    ;[...counts.map((count) => `idle KiB a socket of ${count}`), 'CPU ms for 1000 pings'].forEach((what, index) => {
      const columns = servers.map((server) => {
        const all = figures.get(server)!.map((figure) => figure[index]!)
        const [low, middle, high] = [Math.min(...all), percentile(all, 50), Math.max(...all)]
        return `${middle.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`.padStart(26)
      })
      lines.push(what.padEnd(30) + columns.join(''))
    })
  }
  return [''.padEnd(30) + servers.map((server) => server.padStart(26)).join(''), ...lines]
}

/** @returns KiB per idle socket at each count, and CPU milliseconds per 1,000 pings */
const measure = async (server: SocketServer, flags: readonly string[]): Promise<number[]> => {
  const target = await startMeasured<SocketServerReady>('socket-server-process.ts', { server }, flags)
  const clients = fork(join(import.meta.dirname, 'socket-clients-process.ts'))
  const perform = async (task: ClientsTask): Promise<number> => {
    clients.send(task)
    return ((await once(clients, 'message')) as [number])[0]
  }
  const { port } = target.ready
  await perform({ open: first, port })
  const before = await target.residentBytes()
  const figures: number[] = []
  for (const count of counts) {
    await perform({ open: count, port })
    figures.push(((await target.residentBytes()) - before) / (count - first) / 1024)
  }
  await perform({ ...pinging, seconds: 3 })
  const cpuBefore = await target.cpu()
  const answered = await perform(pinging)
  figures.push((((await target.cpu()) - cpuBefore) / answered) * 1000)
  clients.disconnect()
  await once(clients, 'exit')
  await target.stop()
  console.error(server, flags, figures)
  return figures
}
