import { describe, expect, it } from 'vitest'
import { DatabaseClock } from './clock.ts'

describe("a node's view of the database's clock", () => {
  const aClock = () => {
    const local = { time: 1_000, now: () => local.time }
    return { local, clock: new DatabaseClock(local) }
  }

  it('is the local clock until the database was asked', () => {
    const { clock } = aClock()
    expect([clock.now(), clock.offset]).toEqual([1_000, 0])
  })

  it('runs on with the offset learned last', () => {
    const { clock, local } = aClock()
    clock.observe(5_000)
    local.time += 250
    expect([clock.now(), clock.offset]).toEqual([5_250, 4_000])
    clock.observe(1_000)
    expect([clock.now(), clock.offset]).toEqual([1_000, -250])
  })

  it('is not moved by a slow answer that it agrees with', () => {
    const { clock } = aClock()
    clock.observe(400, 600)
    clock.observe(1_000, 3_000)
    expect(clock.offset).toBe(0)
  })

  it('is moved by a slow answer as far as is certain', () => {
    const { clock } = aClock()
    clock.observe(5_000, 600)
    expect(clock.now()).toBe(5_000)
    clock.observe(2_000, 600)
    expect(clock.now()).toBe(2_600)
  })
})
