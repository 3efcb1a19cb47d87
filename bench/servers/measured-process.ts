import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Milliseconds } from '../../src/clock.ts'
import { pinned, type Place } from '../cores.ts'
import type { LoopDelays } from './observed.ts'
import { cpuTimeOf, peakBytesOf, processTree, residentBytesOf } from './process-tree.ts'

/** A program in processes of its own, watched from outside. */
export interface MeasuredProcess {
  readonly said: RegExpExecArray
  /** From the start of the process until it said that it is ready. */
  readonly startTime: Milliseconds
  /** With all it started, since it started. */
  cpuTime(): Milliseconds
  residentBytes(): number
  /** After garbage was collected. */
  settledBytes(): Promise<number>
  /** The most there ever was. */
  peakBytes(): number
  /** How late the event loop is while the work goes on; of programs in Node only. */
  loopDelaysWhile<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly delays: LoopDelays }>
  stop(): Promise<void>
}

export interface Program {
  readonly command: readonly string[]
  /** Beside PATH and NODE_OPTIONS there is nothing else in its environment. */
  readonly environment?: Readonly<Record<string, string>>
  readonly folder?: string
  readonly place?: Place
  /** What it says on stdout when it is ready. */
  readonly ready: RegExp
  /** Whether SIGUSR2 collects its garbage. */
  readonly collects: boolean
}

/** The command that runs a script with this Node and lets it be watched. */
export const nodeCommand = (script: string, ...args: readonly string[]): string[] => {
  const observed = join(import.meta.dirname, 'observed.ts')
  return [process.execPath, '--expose-gc', '--import', observed, script, ...args]
}

/** How flags of Node are tried, as `NODE_OPTIONS=--max-semi-space-size=1 npm run bench -- sockets`. */
const options = process.env['NODE_OPTIONS']
const nodeOptions = options === undefined ? {} : { NODE_OPTIONS: options }

const startTimeLimit: Milliseconds = 60_000
const running = new Set<number>()
process.once('exit', () => running.forEach((pid) => process.kill(pid, 'SIGKILL')))

export const startMeasured = async (program: Program): Promise<MeasuredProcess> => {
  const [command, ...args] = pinned(program.place ?? 'server', program.command)
  const began = performance.now()
  const child = spawn(command!, args, {
    cwd: program.folder,
    env: { PATH: process.env['PATH'], ...nodeOptions, ...program.environment },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  const pid = child.pid!
  const exited = once(child, 'exit')
  running.add(pid)
  void exited.then(() => running.delete(pid))
  const said = await firstMatch(child.stdout!, program.ready, exited)
  const startTime = performance.now() - began
  child.stdout!.resume()

  return {
    said,
    startTime,
    cpuTime: () => cpuTimeOf(pid),
    residentBytes: () => residentBytesOf(pid),
    settledBytes: async () => {
      for (let n = 0; n < 5; n++) {
        if (program.collects) for (const id of processTree(pid)) process.kill(id, 'SIGUSR2')
        await setTimeout(400)
      }
      return residentBytesOf(pid)
    },
    peakBytes: () => peakBytesOf(pid),
    loopDelaysWhile: async (work) => {
      child.send('watch the event loop')
      const result = await work()
      const answer = once(child, 'message')
      child.send('event loop delays')
      const [delays] = (await answer) as [LoopDelays]
      return { result, delays }
    },
    stop: async () => {
      child.kill('SIGTERM')
      const isGone = await Promise.race([exited.then(() => true), setTimeout(10_000, false, { ref: false })])
      if (!isGone) child.kill('SIGKILL')
      await exited
    },
  }
}

const firstMatch = async (
  stdout: NodeJS.ReadableStream,
  wanted: RegExp,
  exited: Promise<unknown>,
): Promise<RegExpExecArray> => {
  let text = ''
  const found = new Promise<RegExpExecArray>((resolve) => {
    stdout.setEncoding('utf8').on('data', (more: string) => {
      if (text.length < 65_536) text += more
      const match = wanted.exec(text)
      if (match !== null) resolve(match)
    })
  })
  const ended = exited.then(() => Promise.reject(new Error(`the measured program ended: ${text}`)))
  const late = setTimeout(startTimeLimit, null, { ref: false }).then(() =>
    Promise.reject(new Error(`the measured program was not ready in time: ${text}`)),
  )
  return Promise.race([found, ended, late])
}
