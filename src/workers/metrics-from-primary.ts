import type { Registry } from 'prom-client'
import { oneAtATime } from '../operations/one-at-a-time.ts'
import type { MetricsSource } from '../operations/operations.ts'
import type { ToPrimary, ToWorker } from './messages.ts'

/** A worker's part of the node's metrics: it gives its own figures, and asks the primary for those of all. */
export class MetricsFromPrimary {
  readonly #tellPrimary: (message: ToPrimary) => void
  #own: Registry | null = null
  #answer: (text: string | null) => void = () => undefined

  constructor(tellPrimary: (message: ToPrimary) => void) {
    this.#tellPrimary = tellPrimary
  }

  /** @param own the metrics of this worker */
  of(own: Registry): MetricsSource {
    this.#own = own
    const ask = (): Promise<string> =>
      new Promise((resolve, reject) => {
        this.#answer = (text) =>
          text === null ? reject(new Error('the metrics could not be added up')) : resolve(text)
        this.#tellPrimary({ kind: 'metricsWanted' })
      })
    return { contentType: own.contentType, metrics: oneAtATime(ask) }
  }

  /** What the primary says. */
  hear(message: Extract<ToWorker, { kind: 'figuresWanted' | 'metricsOfNode' }>): void {
    if (message.kind === 'metricsOfNode') this.#answer(message.text)
    else void this.#giveFigures()
  }

  async #giveFigures(): Promise<void> {
    const figures = (await this.#own?.getMetricsAsJSON().catch(() => null)) ?? null
    this.#tellPrimary({ kind: 'figures', figures })
  }
}
