import { isRedirection, type RedisConnection } from './connection.ts'
import type { RedisSettings } from './settings.ts'
import { slotOf } from './slot.ts'

/** Channels of one command: some 50 kB. */
const mostAtOnce = 1_000

interface Batch {
  /** Resolves once all of it is confirmed; rejects when the connection ends before. */
  readonly confirmed: Promise<void>
  readonly confirm: () => void
  readonly fail: (reason: unknown) => void
  /** Resolves then, too, and whenever patience is over. */
  readonly soon: Promise<void>
}

/**
 * Brings what one connection is subscribed to in line with what is wanted.
 *
 * Whoever changes what is wanted names the channel, and the difference is looked for when it is acted on: so however often
 * a channel is joined and left meanwhile, the last word counts. What is named while one batch is on its way becomes the
 * next, so many joins at once are few commands.
 */
export class RedisSubscriptions {
  readonly #connection: RedisConnection
  readonly #isWanted: (channel: string) => boolean
  readonly #onTaken: () => void
  readonly #settings: RedisSettings
  readonly #isCluster: boolean
  readonly #subscribed = new Set<string>()
  #named = new Set<string>()
  #next: Batch | null = null
  #working = false

  constructor(options: {
    readonly connection: RedisConnection
    readonly isWanted: (channel: string) => boolean
    /** A channel is another server's. */
    readonly onTaken: () => void
    readonly settings: RedisSettings
    readonly isCluster: boolean
  }) {
    this.#connection = options.connection
    this.#isWanted = options.isWanted
    this.#onTaken = options.onTaken
    this.#settings = options.settings
    this.#isCluster = options.isCluster
  }

  /** Resolves once it is as wanted, or patience or the connection is at its end. */
  change(channel: string): Promise<void> {
    this.#named.add(channel)
    return this.#batch().soon
  }

  /** Looks at everything. Rejects when the connection ends before all of it is confirmed. */
  settle(wanted: Iterable<string>): Promise<void> {
    for (const channel of wanted) this.#named.add(channel)
    for (const channel of this.#subscribed) this.#named.add(channel)
    return this.#batch().confirmed
  }

  /** The server has ended this subscription. */
  forget(channel: string): void {
    this.#subscribed.delete(channel)
  }

  #batch(): Batch {
    this.#next ??= newBatch(this.#settings)
    if (!this.#working) {
      this.#working = true
      // not at once: what else is asked for in this turn of the event loop joins in
      setImmediate(() => void this.#work())
    }
    return this.#next
  }

  async #work(): Promise<void> {
    while (this.#next !== null) {
      const [{ confirm, fail }, named] = [this.#next, this.#named]
      this.#next = null
      this.#named = new Set()
      try {
        await this.#apply(named)
        confirm()
      } catch (error) {
        this.#connection.end(error as Error)
        fail(error)
      }
    }
    this.#working = false
  }

  async #apply(named: ReadonlySet<string>): Promise<void> {
    const [joining, leaving]: [string[], string[]] = [[], []]
    for (const channel of named) {
      const wanted = this.#isWanted(channel)
      if (wanted !== this.#subscribed.has(channel)) (wanted ? joining : leaving).push(channel)
    }
    await Promise.all([
      ...this.#commands(leaving).map((channels) => this.#leave(channels)),
      ...this.#commands(joining).map((channels) => this.#join(channels)),
    ])
  }

  async #join(channels: string[]): Promise<void> {
    try {
      await this.#connection.subscribe(channels)
      for (const channel of channels) this.#subscribed.add(channel)
    } catch (error) {
      if (!isRedirection(error)) throw error
      this.#onTaken()
    }
  }

  async #leave(channels: string[]): Promise<void> {
    for (const channel of channels) this.#subscribed.delete(channel)
    try {
      await this.#connection.unsubscribe(channels)
    } catch (error) {
      // another server's by now, so this one tells nothing of it any more
      if (!isRedirection(error)) throw error
    }
  }

  /** A cluster takes channels of one slot in a command. */
  #commands(channels: string[]): string[][] {
    const groups = this.#isCluster ? [...Map.groupBy(channels, slotOf).values()] : [channels]
    return groups.flatMap((group) =>
      Array.from({ length: Math.ceil(group.length / mostAtOnce) }, (_, at) =>
        group.slice(at * mostAtOnce, (at + 1) * mostAtOnce),
      ),
    )
  }
}

const newBatch = ({ timers, patience }: RedisSettings): Batch => {
  let [confirm, fail]: [() => void, (reason: unknown) => void] = [() => undefined, () => undefined]
  const confirmed = new Promise<void>((resolve, reject) => {
    ;[confirm, fail] = [resolve, reject]
  })
  const soon = new Promise<void>((resolve) => {
    const timer = timers.start(patience, resolve)
    const settled = (): void => {
      timer.close()
      resolve()
    }
    confirmed.then(settled, settled)
  })
  return { confirmed, confirm, fail, soon }
}
