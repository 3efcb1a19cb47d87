import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process'
import { afterAll } from 'vitest'

const running = new Set<ChildProcess>()
const endAll = (): void => running.forEach((child) => child.kill('SIGKILL'))
afterAll(endAll)
process.once('exit', endAll)

/** Starts a program. What a test leaves running, since it failed perhaps, is ended with its file. */
export const startProgram = (program: string, args: readonly string[], options: SpawnOptions = {}) => {
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
  running.add(child)
  child.once('close', () => running.delete(child))
  return child
}

/** What a program says, as it grows. */
export const collect = (stream: NodeJS.ReadableStream) => {
  const collected = { text: '' }
  stream.setEncoding('utf8').on('data', (more: string) => (collected.text += more))
  return collected
}
