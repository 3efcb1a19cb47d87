import { expect, it } from 'vitest'
import { backoff } from './backoff.ts'

it('doubles the wait with each failure, up to two seconds', () => {
  expect([1, 2, 3, 6, 7, 1000].map((failures) => backoff(failures, 0))).toEqual([50, 100, 200, 1600, 2000, 2000])
})

it('leaves up to half of the wait to chance', () => {
  expect(backoff(7, 0.5)).toBe(1500)
  expect(backoff(7, 0.999_999)).toBeGreaterThan(999)
})
