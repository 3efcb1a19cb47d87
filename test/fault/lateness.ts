import type { Milliseconds } from '../../src/clock.ts'
import { factOf, isExpiry, type FactKey } from './facts-told.ts'
import type { Life } from './life.ts'
import type { RawSubscriber } from './raw-subscriber.ts'

/**
 * How late the latest was told, of what was answered at such a time: from the answer to whoever acted until each watcher
 * heard it first; for one who connected after the answer, from its welcome.
 */
export const longestLateness = (
  lives: readonly Life[],
  during: (answeredAt: Milliseconds) => boolean,
): Milliseconds => {
  let longest = 0
  for (const { watchers, answered } of lives) {
    for (const [fact, at] of answered) {
      if (!during(at)) continue
      for (const watcher of watchers) longest = Math.max(longest, latenessOf(watcher, fact, at))
    }
  }
  return longest
}

const latenessOf = ({ connections }: RawSubscriber, fact: FactKey | 'expired', answeredAt: Milliseconds): number => {
  for (const { told } of connections) {
    const heard = told.find((one) => (fact === 'expired' ? isExpiry(one) : factOf(one.message) === fact))
    if (heard !== undefined) return heard.at - Math.max(answeredAt, told[0]!.at)
  }
  return Infinity
}
