import type { Milliseconds } from '../clock.ts'
import type { Timers } from './timers.ts'

/** Short enough that the members of one step do not stall everything else. */
const shortestStep: Milliseconds = 25

/**
 * Visits each member once, spread evenly over a time: the first at once, the last one step before the end. Neighbours in
 * the list are visited far apart, so that a group which stands together is neither all first nor all last.
 *
 * Steps follow the clock, not the timer: when the event loop was late, every step that came due meanwhile is taken.
 *
 * @param over 0 visits everyone at once, before this returns
 * @returns resolves with the last visit
 */
export const spread = <Member>(
  members: readonly Member[],
  over: Milliseconds,
  timers: Timers,
  visit: (member: Member) => void,
): Promise<void> => {
  const steps = Math.max(1, Math.min(members.length, Math.floor(over / shortestStep)))
  const start = timers.now()
  const timeOf = (step: number): Milliseconds => start + (step * over) / steps
  return new Promise((resolve) => {
    let next = 0
    const takeDue = (): void => {
      for (; next < steps && timeOf(next) <= timers.now(); next++) {
        for (let index = next; index < members.length; index += steps) visit(members[index]!)
      }
      if (next === steps) resolve()
      // a timer rings up to a millisecond early
      else timers.start(Math.max(1, Math.ceil(timeOf(next) - timers.now())), takeDue)
    }
    takeDue()
  })
}
