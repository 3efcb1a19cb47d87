import type { Milliseconds } from '../../clock.ts'
import { noBusStats, type Bus, type Hint } from '../bus.ts'
import { readHint, writeHint } from '../hint-text.ts'
import { systemTimers, type Timers } from '../timers.ts'
import type { Channel, ToPrimary, ToWorker } from './bus-messages.ts'
import { HintLane } from './hint-lane.ts'
import { JoinBatches } from './join-batches.ts'

export interface WorkerBusOptions {
  readonly primary: Channel<ToPrimary>
  readonly isConnected: () => boolean
  /** A listener threw. */
  readonly onFault: (error: unknown) => void
  readonly timers?: Timers
  /** How long subscribers are kept waiting for the primary's confirmation. Default 1 s. */
  readonly patience?: Milliseconds
}

type HintToPrimary = Extract<ToPrimary, { kind: 'publish' }>

/**
 * The bus between the workers of one node. The primary carries hints to the other workers (`hint-router.ts`); this
 * worker's own are heard here a microtask later, as on the bus of one process.
 */
export class WorkerBus implements Bus {
  readonly stats = noBusStats()
  readonly #listeners = new Map<string, (hint: Hint) => void>()
  readonly #isConnected: () => boolean
  readonly #onFault: (error: unknown) => void
  readonly #hints: HintLane<HintToPrimary>
  readonly #joins: JoinBatches
  #onGap: () => void = () => undefined

  constructor({ primary, isConnected, onFault, timers = systemTimers, patience = 1_000 }: WorkerBusOptions) {
    this.#isConnected = isConnected
    this.#onFault = onFault
    this.#hints = new HintLane<HintToPrimary>(primary)
    this.#joins = new JoinBatches({ primary, isWanted: (id) => this.#listeners.has(id), timers, patience })
  }

  publish(payloadId: string, hint: Hint): void {
    this.stats.published++
    queueMicrotask(() => this.#hear(payloadId, () => hint))
    const isOnItsWay = this.#hints.send({ kind: 'publish', payloadId, text: writeHint(hint) }, this.#countLost)
    if (!isOnItsWay) this.#countLost()
  }

  join(payloadId: string, listener: (hint: Hint) => void): Promise<void> {
    this.#listeners.set(payloadId, listener)
    return this.#joins.change(payloadId)
  }

  /** Does not wait for the primary: nothing more is heard from now on. */
  async leave(payloadId: string): Promise<void> {
    if (this.#listeners.delete(payloadId)) void this.#joins.change(payloadId)
  }

  onGap(listener: () => void): void {
    this.#onGap = listener
  }

  isHealthy(): boolean {
    return this.#isConnected()
  }

  async close(): Promise<void> {
    this.#listeners.clear()
  }

  /** What the primary says. */
  hear(message: ToWorker): void {
    if (message.kind === 'gap') this.#onGap()
    else if (message.kind === 'joined') this.#joins.confirm(message.number)
    else this.#hear(message.payloadId, () => readHint(message.text, message.payloadId))
  }

  readonly #countLost = (): void => {
    this.stats.lost++
  }

  #hear(payloadId: string, read: () => Hint | null): void {
    const listener = this.#listeners.get(payloadId)
    // left, and the primary does not know yet
    if (listener === undefined) return
    this.stats.heard++
    const hint = read()
    if (hint === null) {
      this.stats.malformed++
      return
    }
    try {
      listener(hint)
    } catch (error) {
      // a listener's fault is neither the publisher's nor the channel's
      this.#onFault(error)
    }
  }
}
