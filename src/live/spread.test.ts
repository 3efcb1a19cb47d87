import { describe, expect, it } from 'vitest'
import { FakeTime } from '../../test/fake-time.ts'
import { spread } from './spread.ts'

const visits = (count: number, over: number) => {
  const time = new FakeTime()
  const visited: { member: number; at: number }[] = []
  const members = Array.from({ length: count }, (_, index) => index)
  let isDone = false
  const done = spread(members, over, time, (member) => visited.push({ member, at: time.now() })).then(
    () => (isDone = true),
  )
  return { time, visited, done, isDone: () => isDone, members }
}

describe('visits that are spread over a time', () => {
  it('are as many in each step as in any other, one step every 25 ms', async () => {
    const { time, visited, done } = visits(10_000, 2_000)
    expect(visited).toHaveLength(125)
    time.pass(1_000)
    expect(visited).toHaveLength(41 * 125)
    time.pass(975)
    await done
    const perStep = Map.groupBy(visited, ({ at }) => at)
    expect([...perStep.keys()]).toEqual(Array.from({ length: 80 }, (_, step) => step * 25))
    expect(new Set([...perStep.values()].map(({ length }) => length))).toEqual(new Set([125]))
    expect(time.running).toBe(0)
  })

  it('reach everyone once, whether or not the steps come out even', async () => {
    const { time, visited, done, members } = visits(1_001, 333)
    time.pass(333)
    await done
    expect(visited.map(({ member }) => member).sort((a, b) => a - b)).toEqual(members)
  })

  it('are far apart when there are few', async () => {
    const { time, visited, done, isDone } = visits(4, 2_000)
    time.pass(1_499)
    await Promise.resolve()
    expect(isDone()).toBe(false)
    time.pass(1)
    await done
    expect(visited.map(({ at }) => at)).toEqual([0, 500, 1_000, 1_500])
  })

  it('take neighbours apart, so that no group is all first or all last', () => {
    const { time, visited } = visits(1_000, 1_000)
    time.pass(1_000)
    const group = visited.filter(({ member }) => member >= 960).map(({ at }) => at)
    expect([Math.min(...group), Math.max(...group)]).toEqual([0, 975])
  })

  it('catch up when the event loop was late', () => {
    const { time, visited } = visits(40, 1_000)
    time.stall(500)
    expect(visited).toHaveLength(1)
    time.pass(0)
    expect(visited).toHaveLength(21)
  })

  it('happen before it returns when there is no time, and end at once when there is nobody', async () => {
    expect(visits(3, 0).visited).toHaveLength(3)
    const nobody = visits(0, 2_000)
    await nobody.done
    expect(nobody.time.running).toBe(0)
  })
})
