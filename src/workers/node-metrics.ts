import { AggregatorRegistry } from 'prom-client'
import type { Milliseconds } from '../clock.ts'
import { systemTimers, type Timers } from '../live/timers.ts'
import { oneAtATime } from '../operations/one-at-a-time.ts'
import type { Figures } from './messages.ts'

/** One worker, as the metrics know it. */
export interface MeasuredWorker {
  /** Takes connections, and so has figures. */
  readonly isListening: boolean
  askForFigures(): void
}

/** How long workers may take to give their figures; of one that hangs, those it gave last count. */
const limit: Milliseconds = 2_000

/**
 * The metrics of all workers as those of one node. Counts of workers that have ended are kept, as they were when Prometheus
 * asked last: a sum that fell would be taken for a restart of the whole node.
 */
export class NodeMetrics {
  readonly #workers: () => Iterable<MeasuredWorker>
  readonly #timers: Timers
  readonly #last = new Map<MeasuredWorker, Figures>()
  readonly #awaited = new Set<MeasuredWorker>()
  readonly #ended: Figures[] = []
  #allAnswered: () => void = () => undefined

  constructor(workers: () => Iterable<MeasuredWorker>, timers: Timers = systemTimers) {
    this.#workers = workers
    this.#timers = timers
  }

  /** As Prometheus reads them. */
  readonly text: () => Promise<string> = oneAtATime(async () => {
    await this.#ask()
    await this.#addUpEnded()
    return AggregatorRegistry.aggregate([...this.#ended, ...this.#last.values()]).metrics()
  })

  /** @param figures null when the worker could not read them */
  hear(worker: MeasuredWorker, figures: Figures | null): void {
    if (figures !== null) this.#last.set(worker, figures)
    this.#noticeAnswer(worker)
  }

  /** It has ended. */
  forget(worker: MeasuredWorker): void {
    const counts = this.#last.get(worker)?.filter(({ type }) => countingTypes.includes(String(type)))
    this.#last.delete(worker)
    this.#noticeAnswer(worker)
    if (counts !== undefined) this.#ended.push(counts)
  }

  /** However many have ended, they are one in the sum. */
  async #addUpEnded(): Promise<void> {
    const ended = [...this.#ended]
    if (ended.length < 2) return
    const sum = await AggregatorRegistry.aggregate(ended).getMetricsAsJSON()
    this.#ended.splice(0, ended.length, sum)
  }

  #ask(): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#timers.start(limit, resolve)
      this.#allAnswered = () => {
        timer.close()
        resolve()
      }
      for (const worker of this.#workers()) if (worker.isListening) this.#awaited.add(worker)
      for (const worker of this.#awaited) worker.askForFigures()
      if (this.#awaited.size === 0) this.#allAnswered()
    })
  }

  #noticeAnswer(worker: MeasuredWorker): void {
    if (this.#awaited.delete(worker) && this.#awaited.size === 0) this.#allAnswered()
  }
}

/** What only ever rises. */
const countingTypes: readonly string[] = ['counter', 'histogram']
