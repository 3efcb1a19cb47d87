import type { Milliseconds } from './clock.ts'

const first: Milliseconds = 50
const longest: Milliseconds = 2_000

/**
 * How long to wait before trying once more: 50 ms, doubled by each failure, 2 s at most. Up to half of it is left to
 * chance, so that a fleet that lost the same server does not come back in one moment.
 *
 * @param failures in a row, at least 1
 * @param random from 0 up to 1
 */
export const backoff = (failures: number, random: number): Milliseconds => {
  const most = Math.min(first * 2 ** (failures - 1), longest)
  return most * (1 - random / 2)
}
