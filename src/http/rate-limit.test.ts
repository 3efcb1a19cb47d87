import { describe, expect, it } from 'vitest'
import { RateLimit } from './rate-limit.ts'

const clock = { time: 0, now: () => clock.time }
const begin = (limit: number, options = {}): RateLimit => {
  clock.time = 1_000_000
  return new RateLimit(limit, clock, options)
}

describe('a rate limit', () => {
  it('allows so many in a minute, and says how many are left', () => {
    const limit = begin(2)
    expect(limit.take('a')).toEqual({ allowed: true, limit: 2, remaining: 1, retryAfter: 0 })
    expect(limit.take('a')).toEqual({ allowed: true, limit: 2, remaining: 0, retryAfter: 0 })
    clock.time += 500
    expect(limit.take('a')).toEqual({ allowed: false, limit: 2, remaining: 0, retryAfter: 60 })
    clock.time += 59_000
    expect(limit.take('a')).toMatchObject({ allowed: false, retryAfter: 1 })
    clock.time += 500
    expect(limit.take('a')).toMatchObject({ allowed: true, remaining: 1 })
  })

  it('counts each key apart', () => {
    const limit = begin(1)
    expect([limit.take('a').allowed, limit.take('b').allowed, limit.take('a').allowed]).toEqual([true, true, false])
  })

  it('counts nothing when it is only looked at', () => {
    const limit = begin(1)
    expect([limit.peek('a').remaining, limit.peek('a').remaining]).toEqual([1, 1])
    limit.take('a')
    expect(limit.peek('a')).toEqual({ allowed: false, limit: 1, remaining: 0, retryAfter: 60 })
  })

  it('is not made longer by what it refuses', () => {
    const limit = begin(1)
    limit.take('a')
    clock.time += 59_999
    limit.take('a')
    clock.time += 1
    expect(limit.take('a').allowed).toBe(true)
  })

  it('forgets windows that are over', () => {
    const limit = begin(1)
    for (let key = 0; key < 100; key++) limit.take(String(key))
    clock.time += 60_000
    limit.take('late')
    expect(limit.size).toBe(1)
  })

  it('keeps a bounded number of windows, and forgets the oldest first', () => {
    const limit = begin(1, { maxKeys: 3 })
    for (const key of ['a', 'b', 'c', 'd']) limit.take(key)
    expect(limit.size).toBe(3)
    expect(limit.peek('a').allowed).toBe(true)
    expect(limit.peek('b').allowed).toBe(false)
  })
})
