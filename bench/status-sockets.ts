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
const rounds = 5
/** What the first sockets take was allocated and compiled once for all. */
const first = 100

/**
 * What a status socket costs the server's process, one payload each: resident memory while nothing happens, and CPU time
 * for the answers to clients' pings. The floor is a bare `ws` server that holds a map of sockets.
 */
export const measureStatusSockets = async (): Promise<string[]> => {
  const lines = [row('', servers)]
  for (const flags of [[], ['--max-semi-space-size=1']]) {
    const measured = servers.map((): number[][] => [])
    for (let round = 0; round < rounds; round++) {
      for (const [index, server] of servers.entries()) measured[index]!.push(await measure(server, flags))
    }
    lines.push('', flags.length === 0 ? 'Node as it is' : flags.join(' '))
    for (const [index, what] of names.entries()) {
      const columns = measured.map((figures) => medianAndRange(figures.map((figure) => figure[index]!)))
      lines.push(row(what, columns))
    }
  }
  return lines
}

const names = [...counts.map((count) => `KiB of one of ${count} idle`), 'CPU ms of 1000 pings']

const row = (what: string, columns: readonly string[]): string =>
  what.padEnd(28) + columns.map((column) => column.padStart(26)).join('')

const medianAndRange = (samples: readonly number[]): string => {
  const [middle, low, high] = [percentile(samples, 50), Math.min(...samples), Math.max(...samples)]
  return `${middle.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`
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
  return figures
}
