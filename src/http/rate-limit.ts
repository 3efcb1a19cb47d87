import type { Clock, Milliseconds } from '../clock.ts'

/**
 * How often each of many peers may do one thing: a fixed number in a window that opens with the peer's first and closes
 * a minute later. In the memory of this node; several nodes count apart.
 */
export class RateLimit {
  /** In order of their beginning, since a key that begins anew moves to the end. */
  readonly #windows = new Map<string, Window>()
  readonly #limit: number
  readonly #clock: Clock
  readonly #length: Milliseconds
  readonly #maxKeys: number

  /** @param options.maxKeys windows kept; when full the oldest is forgotten: memory is bounded, its owner starts anew */
  constructor(limit: number, clock: Clock, options: { length?: Milliseconds; maxKeys?: number } = {}) {
    this.#limit = limit
    this.#clock = clock
    this.#length = options.length ?? 60_000
    this.#maxKeys = options.maxKeys ?? 20_000
  }

  /** Counts one, unless the limit is reached; says how it stands afterwards. */
  take(key: string): Allowance {
    const allowance = this.peek(key)
    if (!allowance.allowed) return allowance
    const now = this.#clock.now()
    const window = this.#openWindow(key, now) ?? this.#begin(key, now)
    window.count += 1
    return { ...allowance, remaining: allowance.remaining - 1 }
  }

  /** How it stands, without counting. */
  peek(key: string): Allowance {
    const now = this.#clock.now()
    const window = this.#openWindow(key, now)
    const remaining = this.#limit - (window?.count ?? 0)
    if (window === null || remaining > 0) return { allowed: true, limit: this.#limit, remaining, retryAfter: 0 }
    const retryAfter = Math.ceil((window.beganAt + this.#length - now) / 1000)
    return { allowed: false, limit: this.#limit, remaining: 0, retryAfter }
  }

  /** How many windows are kept. */
  get size(): number {
    return this.#windows.size
  }

  #openWindow(key: string, now: Milliseconds): Window | null {
    const window = this.#windows.get(key)
    return window !== undefined && now < window.beganAt + this.#length ? window : null
  }

  #begin(key: string, now: Milliseconds): Window {
    this.#windows.delete(key)
    for (const [oldest, { beganAt }] of this.#windows) {
      if (now < beganAt + this.#length && this.#windows.size < this.#maxKeys) break
      this.#windows.delete(oldest)
    }
    const window = { beganAt: now, count: 0 }
    this.#windows.set(key, window)
    return window
  }
}

export interface Allowance {
  readonly allowed: boolean
  readonly limit: number
  /** How many more there may be in this window. */
  readonly remaining: number
  /** Whole seconds until there may be one again, for `Retry-After`; 0 when allowed. */
  readonly retryAfter: number
}

interface Window {
  readonly beganAt: Milliseconds
  count: number
}
