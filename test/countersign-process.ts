import type { SpawnOptions } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { collect, startProgram } from './programs.ts'

/** `countersign` as a process of its own, the way people run it. */
export const root = fileURLToPath(new URL('..', import.meta.url))

export interface CommandResult {
  /** Exit status; null when it had to be ended. */
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Surroundings {
  /** Beside PATH there is nothing else in its environment. */
  readonly environment?: Readonly<Record<string, string>>
  readonly folder?: string
  /** Where its package lies; left out, the checkout. */
  readonly package?: string
}

/** Runs a program to its end. */
export const run = async (
  program: string,
  args: readonly string[],
  surroundings: Surroundings = {},
): Promise<CommandResult> => {
  const child = start(program, args, surroundings, { timeout: 20_000, killSignal: 'SIGKILL' })
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)]
  const [status] = (await once(child, 'close')) as [number | null]
  return { status, stdout: stdout.text, stderr: stderr.text }
}

/** Runs `countersign …` to its end. */
export const runCountersign = (args: readonly string[], surroundings?: Surroundings): Promise<CommandResult> =>
  run(process.execPath, [`${root}bin/countersign.js`, ...args], surroundings)

/** A server that is being run. */
export interface CountersignProcess {
  /** Resolves once this is on its stdout; rejects when it ends before. */
  says(text: RegExp): Promise<RegExpExecArray>
  /** Everything on its stdout so far. */
  readonly said: () => string
  send(signal: NodeJS.Signals): void
  readonly ended: Promise<{ readonly status: number | null; readonly signal: NodeJS.Signals | null }>
}

/** Runs `countersign serve` or `countersign dev` until it is told to end. */
export const startCountersign = (args: readonly string[], surroundings?: Surroundings): CountersignProcess => {
  const program = join(surroundings?.package ?? root, 'bin/countersign.js')
  const child = start(process.execPath, [program, ...args], surroundings)
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)]
  const ended = once(child, 'close').then(([status, signal]) => ({
    status: status as number | null,
    signal: signal as NodeJS.Signals | null,
  }))
  let isOver = false
  void ended.then(() => (isOver = true))
  const says = async (text: RegExp): Promise<RegExpExecArray> => {
    for (;;) {
      const found = text.exec(stdout.text)
      if (found !== null) return found
      if (isOver) throw new Error(`it ended before it said so: ${stdout.text}${stderr.text}`)
      await Promise.race([once(child.stdout, 'data'), ended])
    }
  }
  return { says, said: () => stdout.text, send: (signal) => void child.kill(signal), ended }
}

/** Where it says that it listens. */
export const urlOf = async (server: CountersignProcess): Promise<string> =>
  (await server.says(/listening(?: on |":")(http:[\w:/.[\]]+)/))[1]!

/** The one line of JSON that a command with `--json` prints. */
export const jsonOf = ({ status, stdout, stderr }: CommandResult): any => {
  if (status !== 0) throw new Error(`exit status ${status}: ${stderr}`)
  return JSON.parse(stdout)
}

const start = (
  program: string,
  args: readonly string[],
  { environment = {}, folder = root }: Surroundings = {},
  options: SpawnOptions = {},
) => startProgram(program, args, { ...options, cwd: folder, env: { PATH: process.env['PATH'], ...environment } })
