import type { Milliseconds } from '../../clock.ts'
import type { Timers } from '../timers.ts'
import type { Channel, ToPrimary } from './bus-messages.ts'

/**
 * Tells the primary which payloads this worker wants to hear of. All that is joined and left in one turn of the event loop
 * is one message, and the last word counts: a reconnect storm is a few messages.
 */
export class JoinBatches {
  readonly #primary: Channel<ToPrimary>
  readonly #isWanted: (payloadId: string) => boolean
  readonly #timers: Timers
  readonly #patience: Milliseconds
  /** What the primary was told that this worker has joined. */
  readonly #joined = new Set<string>()
  /** By their number, those on their way. */
  readonly #sent = new Map<number, Batch>()
  #next: Batch | null = null
  #number = 0

  constructor(options: {
    readonly primary: Channel<ToPrimary>
    readonly isWanted: (payloadId: string) => boolean
    readonly timers: Timers
    readonly patience: Milliseconds
  }) {
    this.#primary = options.primary
    this.#isWanted = options.isWanted
    this.#timers = options.timers
    this.#patience = options.patience
  }

  /** Resolves once it is as wanted, or patience is at its end. */
  change(payloadId: string): Promise<void> {
    if (this.#next === null) {
      this.#next = newBatch()
      // not at once: what else changes in this turn of the event loop joins in
      setImmediate(() => this.#send())
    }
    this.#next.named.add(payloadId)
    return this.#next.confirmed
  }

  confirm(number: number): void {
    this.#sent.get(number)?.confirm()
  }

  #send(): void {
    const [batch, number] = [this.#next!, ++this.#number]
    this.#next = null
    const [joining, leaving]: [string[], string[]] = [[], []]
    for (const id of batch.named) {
      const wanted = this.#isWanted(id)
      if (wanted !== this.#joined.has(id)) (wanted ? joining : leaving).push(id)
    }
    for (const id of joining) this.#joined.add(id)
    for (const id of leaving) this.#joined.delete(id)

    // sent even when nothing changes: an earlier batch with the same payload may not be confirmed yet
    this.#sent.set(number, batch)
    const timer = this.#timers.start(this.#patience, batch.confirm)
    void batch.confirmed.then(() => {
      timer.close()
      this.#sent.delete(number)
    })
    this.#primary.send({ kind: 'join', number, joining, leaving }, (error) => {
      if (error !== null) batch.confirm()
    })
  }
}

interface Batch {
  readonly named: Set<string>
  readonly confirmed: Promise<void>
  readonly confirm: () => void
}

const newBatch = (): Batch => {
  let confirm = (): void => undefined
  const confirmed = new Promise<void>((resolve) => {
    confirm = resolve
  })
  return { named: new Set(), confirmed, confirm }
}
