import { setTimeout } from 'node:timers/promises'
import type { Milliseconds } from '../src/clock.ts'

/**
 * Resolves once the condition holds, which is looked at often; rejects, naming it, when it does not in time.
 *
 * @param what completes "waited in vain: …"; a function is asked at the end
 */
export const until = async (
  what: string | (() => string),
  condition: () => boolean | Promise<boolean>,
  within: Milliseconds = 30_000,
): Promise<void> => {
  const latest = performance.now() + within
  while (!(await condition())) {
    if (performance.now() > latest) {
      throw new Error(`waited ${within} ms in vain: ${typeof what === 'string' ? what : what()}`)
    }
    await setTimeout(10)
  }
}
