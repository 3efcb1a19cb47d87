import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { unusedWindow, useCounter, windowSize, type CounterWindow } from './counter-window.ts'

const use = (counters: readonly number[]): { accepted: number[]; window: CounterWindow } => {
  const accepted: number[] = []
  let window = unusedWindow
  for (const counter of counters) {
    const next = useCounter(window, counter)
    if (next === null) continue
    accepted.push(counter)
    window = next
  }
  return { accepted, window }
}

describe('the counter window', () => {
  it('takes rising counters, with gaps or without', () => {
    expect(use([1, 2, 5, 500, 501]).accepted).toEqual([1, 2, 5, 500, 501])
  })

  it('refuses a counter that was used', () => {
    expect(use([7, 7, 8, 7, 8]).accepted).toEqual([7, 8])
  })

  it('takes a late counter once', () => {
    expect(use([9, 4, 4, 8, 4, 9]).accepted).toEqual([9, 4, 8])
  })

  it('takes the last counter above the highest minus 64, and none below', () => {
    expect(use([100, 37, 36]).accepted).toEqual([100, 37])
  })

  it('forgets nothing when the window moves by less than its size', () => {
    expect(use([10, 20, 10 + windowSize - 1, 10, 11]).accepted).toEqual([10, 20, 73, 11])
  })

  it('goes up to the largest safe integer', () => {
    const last = Number.MAX_SAFE_INTEGER
    expect(use([1, last, last, last - 63, last - 64]).accepted).toEqual([1, last, last - 63])
  })

  it('accepts exactly what a set of all used counters would', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 200 }), { maxLength: 300 }), (counters) => {
        const used = new Set<number>()
        const expected = counters.filter((counter) => {
          const isLate = counter <= Math.max(0, ...used) - windowSize
          if (isLate || used.has(counter)) return false
          used.add(counter)
          return true
        })
        const { accepted, window } = use(counters)
        expect(accepted).toEqual(expected)
        expect(BigInt.asUintN(windowSize, window.used)).toBe(window.used)
      }),
    )
  })
})
