import type { Milliseconds } from '../clock.ts'
import type { Timer, Timers } from './timers.ts'

/** Short enough that the members of one slot do not stall everything else. */
const slotLength: Milliseconds = 25

/**
 * Visits every member once per round with one timer for all of them.
 *
 * A member lives in the slot of the moment it came, so those that came together are not visited in one burst. Slots
 * follow the clock, not the timer: when the event loop was late, every slot that came due meanwhile is walked, each once
 * (after more than a whole round, too).
 */
export class KeepaliveWheel<Member> {
  readonly #timers: Timers
  readonly #visit: (member: Member) => void
  readonly #slots: Set<Member>[]
  readonly #start: Milliseconds
  /** The slot walked last, counted from the start and never wrapped. */
  #walked = 0
  #size = 0
  #timer: Timer | null = null

  /** @param round a multiple of 25 ms */
  constructor(timers: Timers, round: Milliseconds, visit: (member: Member) => void) {
    this.#timers = timers
    this.#visit = visit
    this.#slots = Array.from({ length: Math.max(1, Math.round(round / slotLength)) }, () => new Set<Member>())
    this.#start = timers.now()
  }

  /** @returns the slot it lives in, for `remove` */
  add(member: Member): number {
    // slots that are due come first: the newcomer's own is walked a whole round from now
    this.#walkDue()
    const slot = this.#walked % this.#slots.length
    this.#slots[slot]!.add(member)
    this.#size++
    this.#timer ??= this.#timers.start(slotLength, this.#tick)
    return slot
  }

  remove(member: Member, slot: number): void {
    if (this.#slots[slot]!.delete(member)) this.#size--
  }

  stop(): void {
    this.#timer?.close()
    this.#timer = null
  }

  readonly #tick = (): void => {
    this.#walkDue()
    this.#timer = this.#size === 0 ? null : this.#timers.start(slotLength, this.#tick)
  }

  #walkDue(): void {
    const due = Math.floor((this.#timers.now() - this.#start) / slotLength)
    const first = Math.max(this.#walked + 1, due - this.#slots.length + 1)
    // set first, so that a visit which adds a member finds the wheel in order
    this.#walked = due
    for (let slot = first; slot <= due; slot++) {
      for (const member of this.#slots[slot % this.#slots.length]!) this.#visit(member)
    }
  }
}
