import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout } from 'node:timers/promises'
import pg from 'pg'
import { DatabaseClock } from '../src/clock.ts'
import { Hub } from '../src/live/hub.ts'
import { defaultLiveSettings } from '../src/live/live-settings.ts'
import { MemoryBus } from '../src/live/memory-bus.ts'
import { Reconciler } from '../src/live/reconciler.ts'
import type { SocketListener, StatusSocket } from '../src/live/status-socket.ts'
import { systemTimers } from '../src/live/timers.ts'
import { startPeriodicTask } from '../src/periodic-task.ts'
import { openDatabase } from '../src/storage/open-database.ts'
import { payloadStore } from '../src/storage/payload-store.ts'
import { createPostgres } from '../test/postgres.ts'
import type { ToChange } from './change-process.ts'
import { line, milliseconds, percentile } from './figures.ts'

const topics = 50_000
const perSecond = 1_000
const seconds = 15
const changes = perSecond * seconds

/** A subscriber that reads everything at once and says nothing. What sockets cost is measured elsewhere. */
class MuteSocket implements StatusSocket {
  listener!: SocketListener
  readonly bufferedAmount = 0
  write(): void {
    // read already
  }
  close(): void {
    this.listener.onClose()
  }
  terminate(): void {
    this.listener.onClose()
  }
}

/**
 * What reconciliation takes of a node with 50,000 topics on PostgreSQL: CPU time per second, and how long a run takes.
 * While nothing changes; while another node changes 1,000 payloads a second that nobody watches here; and 1,000 that are
 * watched here and of which no hint arrives, so that every one is read and told. The floor is the same node without it.
 */
export const measureReconciliation = async (): Promise<string[]> => {
  const temporary = await createPostgres()
  await onServer(
    temporary.url,
    `alter database ${new URL(temporary.url).pathname.slice(1)} set synchronous_commit = off`,
  )
  const other = startOther(temporary.url, topics + changes)
  const [ids] = (await once(other, 'message')) as [string[]]
  const [here, elsewhere] = [ids.slice(0, topics), ids.slice(topics)]

  const database = await openDatabase({ url: temporary.url })
  const store = payloadStore(database)
  const clock = new DatabaseClock()
  const settings = { ...defaultLiveSettings, keepalive: 3_600_000 }
  const onFault = (fault: unknown): void => console.error(fault)
  const hub = new Hub({
    settings,
    bus: new MemoryBus(),
    clock,
    timers: systemTimers,
    readFacts: (ids) => store.readFacts(ids),
    onFault,
    onPage: () => undefined,
  })
  const loading = performance.now()
  for (const id of here) hub.subscribe(new MuteSocket(), id, 'an address')
  while (hub.stats.payloadsRead < topics || hub.stats.framesSent < 2 * topics) await setTimeout(10)
  const loaded = performance.now() - loading
  const { reads } = hub.stats

  const floor = await cpuWhile(() => setTimeout(seconds * 1_000))
  const reconciler = new Reconciler({ hub, store, clock, timers: systemTimers, interval: settings.reconcileInterval })
  const runs: number[] = []
  const run = async (): Promise<void> => {
    const begin = performance.now()
    await reconciler.run()
    runs.push(performance.now() - begin)
  }
  const task = startPeriodicTask(run, settings.reconcileInterval, onFault)
  await setTimeout(3_000)

  const lines = [`${topics} topics loaded in ${(loaded / 1000).toFixed(1)} s with ${reads} reads`]
  const measure = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    runs.length = 0
    const before = hub.stats
    const { cpu, longestDelay } = await cpuWhile(work)
    const { repaired, reads } = hub.stats
    lines.push(
      line(what, `${cpu.toFixed(1)} ms/s`, `${floor.cpu.toFixed(1)} ms/s`, cpu / floor.cpu),
      `  a run p50 ${milliseconds(percentile(runs, 50))}, p99 ${milliseconds(percentile(runs, 99))}; ` +
        `event loop held up ${milliseconds(longestDelay)} at most; ` +
        `${repaired - before.repaired} repaired with ${reads - before.reads} reads`,
    )
  }
  await measure('reconciliation, nothing changes', () => setTimeout(seconds * 1_000))
  await measure(`  ${perSecond} changes/s, watched elsewhere`, () => changeAll(other, { ids: elsewhere, perSecond }))
  await measure(`  ${perSecond} changes/s, watched here, no hints`, () =>
    changeAll(other, { ids: here.slice(0, changes), perSecond }),
  )

  await task.stop()
  other.disconnect()
  await once(other, 'exit')
  await database.close()
  await temporary.drop()
  return lines
}

const onServer = async (url: string, statement: string): Promise<void> => {
  const client = new pg.Client(url)
  await client.connect()
  await client.query(statement)
  await client.end()
}

const startOther = (url: string, payloads: number): ChildProcess =>
  fork(join(import.meta.dirname, 'change-process.ts'), {
    env: { ...process.env, BENCH_CHANGES: JSON.stringify({ url, payloads }) },
  })

const changeAll = async (other: ChildProcess, toChange: ToChange): Promise<void> => {
  other.send(toChange)
  const [rate] = (await once(other, 'message')) as [number]
  if (rate < toChange.perSecond * 0.9) console.error(`only ${Math.round(rate)} changes/s were reached`)
}

/** @returns CPU milliseconds of this process for each second that the work took */
const cpuWhile = async (work: () => Promise<unknown>) => {
  const delays = monitorEventLoopDelay({ resolution: 5 })
  delays.enable()
  const [cpuBefore, begin] = [process.cpuUsage(), performance.now()]
  await work()
  const { user, system } = process.cpuUsage(cpuBefore)
  delays.disable()
  return {
    cpu: (user + system) / (performance.now() - begin),
    longestDelay: delays.max / 1e6,
  }
}
