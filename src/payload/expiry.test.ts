import { describe, expect, it } from 'vitest'
import { expiryOf, isExpired, secondsLeft } from './expiry.ts'

describe('secondsLeft', () => {
  it.each([
    [60_000, 8_999, 52],
    [60_000, 9_000, 51],
    [60_000, 59_999, 1],
    [60_000, 60_000, 0],
    [60_000, 60_999, 0],
    [60_000, 61_000, -1],
    [60_000, 75_400, -15],
  ])('of an expiry at %i ms, seen at %i ms, is %i', (expiry, now, seconds) => {
    expect(secondsLeft(expiry, now)).toBe(seconds)
  })

  it('is never -0', () => {
    expect(Object.is(secondsLeft(60_000, 60_500), 0)).toBe(true)
  })
})

describe('the time to open', () => {
  it('ends when it was cancelled, if that was sooner', () => {
    expect(expiryOf({ expiresAt: 60_000, cancelledAt: null })).toBe(60_000)
    expect(expiryOf({ expiresAt: 60_000, cancelledAt: 10_000 })).toBe(10_000)
  })

  it('is over at the very millisecond of expiry', () => {
    expect(isExpired({ expiresAt: 60_000, cancelledAt: null }, 59_999)).toBe(false)
    expect(isExpired({ expiresAt: 60_000, cancelledAt: null }, 60_000)).toBe(true)
  })
})
