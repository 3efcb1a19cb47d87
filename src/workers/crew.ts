import cluster, { type Worker } from 'node:cluster'
import type { Logger } from 'pino'
import { backoff } from '../backoff.ts'
import type { Milliseconds } from '../clock.ts'
import { HintRouter, type RoutedWorker } from '../live/workers/hint-router.ts'
import type { Stoppable } from '../shutdown.ts'
import type { ToPrimary, ToWorker } from './messages.ts'
import { NodeMetrics, type MeasuredWorker } from './node-metrics.ts'
import { watchWorkers, type WatchedWorker } from './watch.ts'

export interface Listening {
  readonly listeningUrl: string
  readonly publicUrl: string
}

/** A worker could not start; the message is its reason. */
export class CannotStart extends Error {}

/** A worker that took connections for so long has not failed to start: its successor comes soon. */
const settledAfter: Milliseconds = 10_000

/** The workers of one node: started together, replaced one by one, stopped together. */
export class Crew implements Stoppable {
  readonly #size: number
  readonly #log: Logger
  readonly #members = new Set<Member>()
  readonly #router = new HintRouter()
  readonly #metrics = new NodeMetrics(() => this.#members)
  readonly #started = Promise.withResolvers<Listening>()
  #phase: 'starting' | 'failed' | 'serving' | 'stopping' = 'starting'
  /** Workers that ended in a row, none of which had settled. */
  #failures = 0
  /** What went wrong while stopping. */
  #fault: Error | null = null
  /** Set while stopping: called once none is left. */
  #noneLeft: () => void = () => undefined

  constructor({ size, log }: { readonly size: number; readonly log: Logger }) {
    this.#size = size
    this.#log = log
    // a worker accepts for itself: what the primary hands to one that hangs would never be answered
    cluster.schedulingPolicy = cluster.SCHED_NONE
    // metrics hold NaN, which JSON cannot
    cluster.setupPrimary({ serialization: 'advanced' })
  }

  /** Resolves once all listen. Rejects with CannotStart when one ends before; the others are ended, too. */
  start(): Promise<Listening> {
    for (let count = 0; count < this.#size; count++) this.#fork()
    watchWorkers(
      () => this.#members,
      (member) => this.#endSilent(member),
    )
    return this.#started.promise
  }

  get pids(): (number | undefined)[] {
    return Array.from(this.#members, ({ worker }) => worker.process.pid)
  }

  /** Has all drain at the same time; each keeps to the grace by itself. Rejects when one did not end as it should. */
  async close(): Promise<void> {
    this.#phase = 'stopping'
    const noneLeft = new Promise<void>((resolve) => {
      this.#noneLeft = resolve
    })
    for (const member of this.#members) {
      if (member.isListening) member.tell({ kind: 'stop' })
      else member.kill()
    }
    if (this.#members.size > 0) await noneLeft
    if (this.#fault !== null) throw this.#fault
  }

  /** Ends what is left, at once. */
  kill(): void {
    for (const member of this.#members) member.kill()
  }

  #fork(): void {
    const worker = cluster.fork()
    const member = new Member(worker, this.#router)
    this.#members.add(member)
    worker.on('message', (message: ToPrimary) => this.#hear(member, message))
    worker.on('error', ({ message }) => {
      member.failure ??= message
      // it could not be started, so it does not end either
      if (worker.process.pid === undefined) this.#notice(member, { reason: message })
    })
    worker.once('exit', (status, signal) => this.#notice(member, { status, signal, reason: member.failure }))
  }

  #hear(member: Member, message: ToPrimary): void {
    if (message.kind === 'bus') member.routed.hear(message.message)
    else if (message.kind === 'listening') this.#noticeListening(member, message)
    else if (message.kind === 'failed') member.failure = message.reason
    else if (message.kind === 'here') member.unanswered = 0
    else if (message.kind === 'figures') this.#metrics.hear(member, message.figures)
    else void this.#answerMetrics(member)
  }

  #noticeListening(member: Member, { listeningUrl, publicUrl }: Listening): void {
    member.listensSince = performance.now()
    if (this.#phase === 'serving') {
      this.#log.info({ worker: member.worker.process.pid, listening: listeningUrl }, 'a worker was replaced')
    } else if (this.#phase === 'starting' && [...this.#members].every(({ isListening }) => isListening)) {
      this.#phase = 'serving'
      this.#started.resolve({ listeningUrl, publicUrl })
    }
  }

  /** A worker has ended, or never began. */
  #notice(member: Member, how: Ending): void {
    if (!this.#members.delete(member)) return
    member.routed.forget()
    this.#metrics.forget(member)
    if (this.#phase === 'serving') {
      this.#replace(member, how)
    } else if (this.#phase === 'starting') {
      this.#phase = 'failed'
      this.kill()
      this.#started.reject(new CannotStart(how.reason ?? `a worker ended before it listened (${wordsOf(how)})`))
    } else if (this.#phase === 'stopping') {
      if (member.isListening && how.status !== 0) {
        this.#fault ??= new Error(`worker ${member.worker.process.pid} did not end as it should (${wordsOf(how)})`)
      }
      if (this.#members.size === 0) this.#noneLeft()
    }
  }

  #endSilent(member: Member): void {
    // one that stops has its grace
    if (this.#phase !== 'serving') return
    member.failure = 'it had not answered for half a minute'
    member.kill()
  }

  #replace(member: Member, how: Ending): void {
    const settled = member.listensSince !== null && performance.now() - member.listensSince >= settledAfter
    this.#failures = settled ? 1 : this.#failures + 1
    const delay = backoff(this.#failures, Math.random())
    const level = how.status === 0 ? 'warn' : 'error'
    this.#log[level]({ worker: member.worker.process.pid, ...how }, 'a worker ended; another is started')
    setTimeout(() => {
      if (this.#phase === 'serving') this.#fork()
    }, delay)
  }

  async #answerMetrics(member: Member): Promise<void> {
    try {
      member.tell({ kind: 'metricsOfNode', text: await this.#metrics.text() })
    } catch (err) {
      this.#log.error({ err }, 'adding up metrics')
      member.tell({ kind: 'metricsOfNode', text: null })
    }
  }
}

interface Ending {
  readonly status?: number | null
  readonly signal?: string | null
  /** What it said of itself before. */
  readonly reason: string | null
}

const wordsOf = ({ status, signal }: Ending): string => (signal ? `signal ${signal}` : `status ${status}`)

/** One worker, from the primary's side. */
class Member implements MeasuredWorker, WatchedWorker {
  readonly worker: Worker
  readonly routed: RoutedWorker
  listensSince: Milliseconds | null = null
  failure: string | null = null
  unanswered = 0

  constructor(worker: Worker, router: HintRouter) {
    this.worker = worker
    this.routed = router.add({ send: (message, done) => this.tell({ kind: 'bus', message }, done) })
  }

  get isListening(): boolean {
    return this.listensSince !== null
  }

  /** What cannot be sent to a worker that is ending is not missed. */
  tell(message: ToWorker, done: (error: Error | null) => void = () => undefined): void {
    this.worker.send(message, undefined, {}, done)
  }

  kill(): void {
    this.worker.process.kill('SIGKILL')
  }

  askForFigures(): void {
    this.tell({ kind: 'figuresWanted' })
  }

  askWhetherThere(): void {
    this.tell({ kind: 'areYouThere' })
  }
}
