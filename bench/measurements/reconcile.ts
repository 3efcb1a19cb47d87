import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout } from 'node:timers/promises'
import { DatabaseClock } from '../../src/clock.ts'
import { Hub } from '../../src/live/hub.ts'
import { defaultLiveSettings } from '../../src/live/live-settings.ts'
import { MemoryBus } from '../../src/live/memory-bus.ts'
import { Reconciler } from '../../src/live/reconciler.ts'
import { systemTimers } from '../../src/live/timers.ts'
import { startPeriodicTask } from '../../src/periodic-task.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { payloadStore } from '../../src/storage/payload-store.ts'
import type { Measurement } from '../bench.ts'
import type { ToChange } from '../database/change-process.ts'
import { payloadId } from '../database/payload-id.ts'
import { withDatabase } from '../database/prepared-database.ts'
import { percentile, type Figure } from '../figures.ts'
import { MuteSocket } from '../load/mute-socket.ts'

const perSecond = 1_000

/**
 * A node with 50,000 topics on PostgreSQL in this process, without sockets: while nothing changes; while another node
 * changes 1,000 payloads a second that nobody watches here; and 1,000 that are watched here and of which no hint arrives,
 * so that every one is read and told. The floor is the same node without reconciliation.
 */
export const reconcile: Measurement = {
  about: 'CPU of reconciliation on a node with 50,000 topics, while 1,000 payloads change a second',
  run: (bench) =>
    withDatabase('PostgreSQL', async ({ url, addUnopened }) => {
      const topics = bench.size('payloads', 5_000, 50_000)
      const seconds = bench.size('seconds', 3, 15)
      const changes = perSecond * seconds
      // those watched here, and as many again that are not
      await addUnopened(0, topics + changes)
      const other = fork(join(import.meta.dirname, '../database/change-process.ts'), {
        env: { ...process.env, DATABASE: url },
      })
      const database = await openDatabase({ url })
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
      for (let n = 0; n < topics; n++) hub.subscribe(new MuteSocket(), payloadId(n), 'an address')
      while (hub.stats.payloadsRead < topics || hub.stats.framesSent < 2 * topics) await setTimeout(10)

      const floor = await watched(() => setTimeout(seconds * 1_000))
      const reconciler = new Reconciler({
        hub,
        store,
        clock,
        timers: systemTimers,
        interval: settings.reconcileInterval,
      })
      const runs: number[] = []
      const run = async (): Promise<void> => {
        const begin = performance.now()
        await reconciler.run()
        runs.push(performance.now() - begin)
      }
      const task = startPeriodicTask(run, settings.reconcileInterval, onFault)
      await setTimeout(3_000)

      const figures: Figure[] = []
      const measure = async (what: string, work: () => Promise<unknown>): Promise<void> => {
        runs.length = 0
        const before = hub.stats
        const { cpu, longestDelay } = await watched(work)
        const { repaired, reads } = hub.stats
        figures.push({
          what: `reconciliation of ${topics.toLocaleString('en')} topics, CPU, ${what}`,
          unit: 'ms per s',
          goal: null,
          rows: [
            { subject: 'countersign', role: 'ours', rounds: [cpu], median: cpu },
            { subject: 'the same node without it', role: 'floor', rounds: [floor.cpu], median: floor.cpu },
          ],
        })
        bench.note(
          `${what}: a run took ${percentile(runs, 50).toFixed(1)} ms, at most ${percentile(runs, 100).toFixed(1)} ms; ` +
            `the event loop was held up ${longestDelay.toFixed(1)} ms at most; ` +
            `${repaired - before.repaired} repaired with ${reads - before.reads} reads`,
        )
      }
      const changeAll = async (from: number): Promise<void> => {
        other.send({ from, count: Math.min(changes, topics), perSecond } satisfies ToChange)
        const [rate] = (await once(other, 'message')) as [number]
        if (rate < perSecond * 0.9) bench.note(`only ${Math.round(rate)} changes a second were reached`)
      }
      await measure('nothing changes', () => setTimeout(seconds * 1_000))
      await measure(`${perSecond} changes a second watched elsewhere`, () => changeAll(topics))
      await measure(`${perSecond} changes a second watched here, no hints`, () => changeAll(0))

      await task.stop()
      await ended(other)
      await database.close()
      return figures
    }),
}

const ended = async (other: ChildProcess): Promise<void> => {
  other.disconnect()
  await once(other, 'exit')
}

/** CPU milliseconds of this process for each second that the work took, and how long its event loop was held up. */
const watched = async (work: () => Promise<unknown>) => {
  const delays = monitorEventLoopDelay({ resolution: 5 })
  delays.enable()
  const [cpuBefore, begin] = [process.cpuUsage(), performance.now()]
  await work()
  const { user, system } = process.cpuUsage(cpuBefore)
  delays.disable()
  return { cpu: (user + system) / (performance.now() - begin), longestDelay: delays.max / 1e6 }
}
