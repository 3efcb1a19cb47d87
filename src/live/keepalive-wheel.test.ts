import { describe, expect, it } from 'vitest'
import { FakeTime } from '../../test/fake-time.ts'
import { KeepaliveWheel } from './keepalive-wheel.ts'

const round = 15_000

const aWheel = () => {
  const time = new FakeTime()
  const visits: { member: string; at: number }[] = []
  const wheel = new KeepaliveWheel<string>(time, round, (member) => visits.push({ member, at: time.now() }))
  return { time, visits, wheel, visitsOf: (member: string) => visits.filter((visit) => visit.member === member) }
}

describe('the keepalive wheel', () => {
  it('visits a member every round, counted from when it came', () => {
    const { time, wheel, visitsOf } = aWheel()
    time.pass(4_010)
    wheel.add('a')
    time.pass(3 * round + 100)
    const ats = visitsOf('a').map(({ at }) => at - 4_010)
    expect(ats).toHaveLength(3)
    for (const [index, at] of ats.entries()) expect(Math.abs(at - (index + 1) * round)).toBeLessThanOrEqual(25)
  })

  it('visits those that came at different moments at different moments', () => {
    const { time, wheel, visits } = aWheel()
    for (let n = 0; n < 100; n++) {
      wheel.add(`${n}`)
      time.pass(100)
    }
    time.pass(round)
    expect(new Set(visits.map(({ at }) => at)).size).toBe(100)
  })

  it('skips no slot and does none twice when the event loop was late', () => {
    const { time, wheel, visits, visitsOf } = aWheel()
    for (let n = 0; n < 600; n++) {
      wheel.add(`${n}`)
      time.pass(25)
    }
    visits.length = 0
    time.stall(7_000)
    time.pass(0)
    expect(visits.length).toBe(280)
    time.pass(round - 7_000)
    expect(visits.length).toBe(600)
    for (let n = 0; n < 600; n++) expect(visitsOf(`${n}`)).toHaveLength(1)
  })

  it('visits each member once after more than a round of standstill', () => {
    const { time, wheel, visits } = aWheel()
    for (let n = 0; n < 60; n++) {
      wheel.add(`${n}`)
      time.pass(10)
    }
    time.stall(10 * round)
    time.pass(0)
    expect(visits.map(({ member }) => member).sort()).toEqual(Array.from({ length: 60 }, (_, n) => `${n}`).sort())
  })

  it('does not visit a newcomer at once because the event loop was late', () => {
    const { time, wheel, visitsOf } = aWheel()
    wheel.add('a')
    time.pass(100)
    time.stall(500)
    wheel.add('b')
    time.pass(round - 30)
    expect(visitsOf('b')).toHaveLength(0)
    time.pass(60)
    expect(visitsOf('b')).toHaveLength(1)
  })

  it('visits nobody who left, even while their slot is walked', () => {
    const time = new FakeTime()
    const visited: string[] = []
    const slots = new Map<string, number>()
    const wheel = new KeepaliveWheel<string>(time, round, (member) => {
      visited.push(member)
      for (const [other, slot] of slots) wheel.remove(other, slot)
    })
    for (const member of ['a', 'b']) slots.set(member, wheel.add(member))
    time.pass(2 * round)
    expect(visited).toEqual(['a'])
  })

  it('rests while it is empty', () => {
    const { time, wheel, visitsOf } = aWheel()
    expect(time.running).toBe(0)
    const slot = wheel.add('a')
    expect(time.running).toBe(1)
    wheel.remove('a', slot)
    time.pass(25)
    expect(time.running).toBe(0)
    time.pass(123_456)
    wheel.add('b')
    time.pass(round + 25)
    expect(visitsOf('b')).toHaveLength(1)
  })
})
