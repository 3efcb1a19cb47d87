import { describe, expect, it } from 'vitest'
import { FakeTime } from '../../test/fake-time.ts'
import { DatabaseClock } from '../clock.ts'
import { Alarm } from './alarm.ts'

const day = 24 * 60 * 60 * 1000

const anAlarm = () => {
  const time = new FakeTime()
  const clock = new DatabaseClock(time)
  const rungAt: number[] = []
  const alarm = new Alarm(clock, time, () => rungAt.push(time.now()))
  return { time, clock, alarm, rungAt }
}

describe('an alarm', () => {
  it('rings once, at the time', () => {
    const { time, alarm, rungAt } = anAlarm()
    alarm.set(1_500)
    time.pass(10_000)
    expect(rungAt).toEqual([1_500])
    expect(time.running).toBe(0)
  })

  it('rings after 30 days, which is more than a timer can hold', () => {
    const { time, alarm, rungAt } = anAlarm()
    alarm.set(30 * day)
    time.pass(30 * day - 1)
    expect(rungAt).toEqual([])
    time.pass(1)
    expect(rungAt).toEqual([30 * day])
  })

  it('follows the clock when that is set anew meanwhile', () => {
    const { time, clock, alarm, rungAt } = anAlarm()
    alarm.set(600_000)
    clock.observe(300_000)
    time.pass(600_000)
    expect(rungAt).toEqual([300_000])
  })

  it('does not ring early when the clock is set back', () => {
    const { time, clock, alarm, rungAt } = anAlarm()
    alarm.set(1_000)
    clock.observe(-1_000)
    time.pass(5_000)
    expect(rungAt).toEqual([2_000])
  })

  it('rings at the new time only when set again, and never once stopped', () => {
    const { time, alarm, rungAt } = anAlarm()
    alarm.set(1_000)
    alarm.set(500)
    time.pass(2_000)
    expect(rungAt).toEqual([500])
    alarm.set(3_000)
    alarm.stop()
    time.pass(5_000)
    expect(rungAt).toEqual([500])
  })

  it('rings soon, not at once, when the time has passed', () => {
    const { time, alarm, rungAt } = anAlarm()
    time.pass(100)
    alarm.set(50)
    expect(rungAt).toEqual([])
    time.pass(1)
    expect(rungAt).toEqual([101])
  })
})
