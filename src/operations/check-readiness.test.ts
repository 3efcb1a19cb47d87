import { describe, expect, it } from 'vitest'
import { FakeTime } from '../../test/fake-time.ts'
import { DatabaseClock } from '../clock.ts'
import { checkReadiness, type ReadinessDependencies } from './check-readiness.ts'

const aNode = (changes: Partial<ReadinessDependencies> = {}) => {
  const time = new FakeTime()
  const clock = new DatabaseClock(time)
  const check = checkReadiness({
    ping: async () => undefined,
    bus: { isHealthy: () => true },
    clock,
    isDraining: () => false,
    timers: time,
    ...changes,
  })
  return { time, clock, check }
}

const well = { database: true, bus: true, clock: true, draining: false }

describe('the readiness of a node', () => {
  it('says of each part how it is', async () => {
    expect(await aNode().check()).toEqual(well)
    const ping = () => Promise.reject(new Error('down'))
    expect(await aNode({ ping }).check()).toEqual({ ...well, database: false })
    expect(await aNode({ bus: { isHealthy: () => false } }).check()).toEqual({ ...well, bus: false })
    expect(await aNode({ isDraining: () => true }).check()).toEqual({ ...well, draining: true })
  })

  it.each([
    [2_000, true],
    [-2_000, true],
    [2_001, false],
    [-2_001, false],
  ])('with a database whose clock is %i ms ahead of its own has a sound clock: %s', async (offset, sound) => {
    const { clock, check } = aNode()
    clock.observe(offset)
    expect(await check()).toEqual({ ...well, clock: sound })
  })

  it('is known within two seconds although the database hangs, which is asked once meanwhile', async () => {
    let asked = 0
    const ping = () => (asked++, new Promise<void>(() => undefined))
    const { time, check } = aNode({ ping })
    const answers = [check(), check()]
    time.pass(2_000)
    expect(await Promise.all(answers)).toEqual(Array(2).fill({ ...well, database: false }))
    expect(asked).toBe(1)
  })
})
