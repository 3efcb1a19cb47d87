import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { pinned } from '../cores.ts'
import type { JobAnswer, JobRequest, Jobs } from './generator.ts'

type Request<K extends keyof Jobs> = Parameters<Jobs[K]> extends [infer One] ? One : undefined
type Result<K extends keyof Jobs> = Awaited<ReturnType<Jobs[K]>>

/** A load generator, in a process of its own. */
export interface Load {
  run<K extends keyof Jobs>(job: K, request: Request<K>): Promise<Result<K>>
  /** The same where it is what is measured, so that it matters how busy the generator is. */
  measure<K extends keyof Jobs>(job: K, request: Request<K>): Promise<Result<K>>
  stop(): Promise<void>
}

/** How busy generators were with what counts: 1 is a whole core, and then the figures are theirs. */
export class Busyness {
  highest = 0
}

export const startLoad = (busyness: Busyness): Load => {
  const script = join(import.meta.dirname, 'generator.ts')
  const [command, ...args] = pinned('load', [process.execPath, script])
  const child = spawn(command!, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const exited = once(child, 'exit')
  const ended = exited.then(() => Promise.reject(new Error('the load generator ended')))
  ended.catch(() => undefined)
  let last: Promise<unknown> = Promise.resolve()
  const ask = async (request: JobRequest, matters: boolean): Promise<unknown> => {
    const answered = once(child, 'message')
    child.send(request)
    const [answer] = (await Promise.race([answered, ended])) as [JobAnswer]
    if ('fault' in answer) throw new Error(answer.fault)
    if (matters) busyness.highest = Math.max(busyness.highest, answer.busy)
    return answer.result
  }
  /** One after the other. */
  const inTurn = <K extends keyof Jobs>(job: K, request: Request<K>, matters: boolean) => {
    const answer = last.then(() => ask({ job, request }, matters))
    last = answer.catch(() => undefined)
    return answer as Promise<Result<K>>
  }
  return {
    run: (job, request) => inTurn(job, request, false),
    measure: (job, request) => inTurn(job, request, true),
    stop: async () => {
      child.disconnect()
      await exited
    },
  }
}
