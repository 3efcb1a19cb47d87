import { describe, expect, it } from 'vitest'
import { admit } from './token-bucket.ts'

/** How many of these moments are admitted before one is not. */
const admitted = (moments: readonly number[], perSecond: number): number => {
  let fullAt = 0
  for (const [count, now] of moments.entries()) {
    const next = admit(fullAt, now, perSecond)
    if (next === null) return count
    fullAt = next
  }
  return moments.length
}

describe('a token bucket', () => {
  it('admits the sustained rate for ever', () => {
    expect(
      admitted(
        Array.from({ length: 10_000 }, (_, n) => 1_000_000 + n * 50),
        20,
      ),
    ).toBe(10_000)
  })

  it('admits two seconds worth at once, and no more', () => {
    expect(admitted(Array<number>(100).fill(5_000), 20)).toBe(40)
  })

  it('refuses a little more than the sustained rate in the end', () => {
    expect(
      admitted(
        Array.from({ length: 10_000 }, (_, n) => n * 45),
        20,
      ),
    ).toBeLessThan(500)
  })

  it('is full again after a pause', () => {
    const twice = [...Array<number>(40).fill(0), ...Array<number>(40).fill(2_000)]
    expect(admitted(twice, 20)).toBe(80)
  })
})
