import { setTimeout } from 'node:timers/promises'

/**
 * Begins `count` steps evenly, this many a second, whether or not those before are done. Resolves when all are; rejects
 * with the first fault.
 */
export const atPace = async (
  count: number,
  perSecond: number,
  begin: (n: number) => Promise<unknown>,
): Promise<void> => {
  const begun: Promise<unknown>[] = []
  const start = performance.now()
  for (let n = 0; n < count;) {
    const due = Math.min(count, Math.ceil(((performance.now() - start) / 1_000) * perSecond))
    while (n < due) {
      const one = begin(n++)
      // told below, to whoever waits for all
      one.catch(() => undefined)
      begun.push(one)
    }
    await setTimeout(2)
  }
  await Promise.all(begun)
}
