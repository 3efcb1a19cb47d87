import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** A server in a process of its own, so that what is measured is its alone. */
export interface MeasuredProcess<Ready> {
  /** What it said when it was ready. */
  readonly ready: Ready
  /** Resident bytes after a full garbage collection. */
  residentBytes(): Promise<number>
  /** CPU time that the process took so far, in milliseconds. */
  cpu(): Promise<number>
  stop(): Promise<void>
}

/**
 * @param script a file of this folder that calls `serveMeasured`
 * @param flags for Node
 */
export const startMeasured = async <Ready>(
  script: string,
  environment: Readonly<Record<string, string>> = {},
  flags: readonly string[] = [],
): Promise<MeasuredProcess<Ready>> => {
  const child = fork(join(import.meta.dirname, script), {
    execArgv: ['--expose-gc', ...flags],
    env: { ...process.env, BENCH_ENVIRONMENT: JSON.stringify(environment) },
  })
  const ready = (await nextMessage(child)) as Ready
  const ask = async (what: string): Promise<number> => {
    child.send(what)
    return (await nextMessage(child)) as number
  }
  return {
    ready,
    residentBytes: () => ask('memory'),
    cpu: () => ask('cpu'),
    stop: async () => {
      const exited = once(child, 'exit')
      child.send('stop')
      await exited
    },
  }
}

const nextMessage = async (child: ChildProcess): Promise<unknown> => {
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`the measured process ended with status ${code as number}`)
  })
  return ((await Promise.race([once(child, 'message'), failed])) as [unknown])[0]
}

/** The other side: says that it is ready, and answers what it is asked until it is stopped. */
export const serveMeasured = (ready: unknown, stop: () => Promise<void>): void => {
  const end = () => void stop().then(() => process.exit(0))
  // the measuring process ended before its time
  process.on('disconnect', end)
  process.on('message', (request) => {
    if (request === 'stop') end()
    else if (request === 'cpu') process.send!(cpuTime())
    else void settledResidentBytes().then((bytes) => process.send!(bytes))
  })
  process.send!(ready)
}

const settledResidentBytes = async (): Promise<number> => {
  for (let n = 0; n < 5; n++) {
    globalThis.gc!()
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  return process.memoryUsage.rss()
}

const cpuTime = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
