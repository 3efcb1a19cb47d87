import type { Definition, Measurement } from '../bench.ts'
import { withDatabase } from '../database/prepared-database.ts'
import { atMost } from '../figures.ts'
import type { Load } from '../load/load.ts'
import { countersign } from '../servers/countersign.ts'
import { bareWs } from '../servers/floors.ts'
import { peers } from '../servers/peers.ts'
import type { RunningServer } from '../servers/subject.ts'

/** The first sockets pay for what is compiled and allocated once. */
const first = 200
/** Seconds; as seldom as the settings allow, since nothing shall happen. */
const keepalive = 60

export const memoryDefinitions = (counts: readonly number[]): Readonly<Record<string, Definition>> =>
  Object.fromEntries(
    counts.map((count) => [
      `${count}`,
      {
        what: `memory per idle subscriber, ${count.toLocaleString('en')} sockets`,
        unit: 'KiB',
        ...(count >= 10_000 ? { goal: atMost(4.6) } : {}),
      },
    ]),
  )

/** More and more sockets, each with a payload of its own. @returns KiB of each, by how many there were */
export const measureMemory = async (
  { target, process }: RunningServer,
  load: Load,
  counts: readonly number[],
): Promise<Record<string, number>> => {
  let held = 0
  const holdUpTo = async (count: number): Promise<number> => {
    await load.run('connect', { ...target, from: held, count: count - held, atOnce: 100 })
    held = count
    return process.settledBytes()
  }
  const before = await holdUpTo(first)
  const answer: Record<string, number> = {}
  for (const count of counts) answer[`${count}`] = ((await holdUpTo(count)) - before) / (count - first) / 1024
  return answer
}

/** One process of each subject holds sockets on which nothing is said. */
export const memory: Measurement = {
  about: 'resident memory of each idle subscriber, at 1,000, 10,000 and 19,000 sockets of one process',
  run: (bench) =>
    withDatabase('SQLite', async (database) => {
      const counts = bench.sockets([1_000, 2_000], [1_000, 10_000, 19_000])
      await database.addUnopened(0, Math.max(...counts))
      const environment = { ...database.environment, KEEPALIVE_SECONDS: `${keepalive}` }
      const ours = countersign(() => environment, { args: bench.options.serve })
      return bench.compare([ours, bareWs(keepalive), ...peers(keepalive)], memoryDefinitions(counts), (subject) =>
        bench.onServer(subject, (server, load) => measureMemory(server, load, counts)),
      )
    }),
}
