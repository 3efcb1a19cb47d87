import { describe, expect, it } from 'vitest'
import { noBusStats, type Bus } from './bus.ts'
import { Membership } from './membership.ts'

/** A bus whose answers the test gives. */
const slowBus = () => {
  const log: string[] = []
  const answers: { resolve: () => void; reject: (error: Error) => void }[] = []
  const asked = (what: string) => {
    log.push(what)
    return new Promise<void>((resolve, reject) => answers.push({ resolve, reject }))
  }
  const bus: Bus = {
    publish: () => undefined,
    join: (id) => asked(`join ${id}`),
    leave: (id) => asked(`leave ${id}`),
    onGap: () => undefined,
    stats: noBusStats(),
    isHealthy: () => true,
    close: async () => undefined,
  }
  return { bus, log, answers }
}

const nobody = () => undefined

describe('membership', () => {
  it('lets a leave end before the same payload is joined again', async () => {
    const { bus, log, answers } = slowBus()
    const membership = new Membership(bus)
    const left = membership.leave('a')
    const joined = membership.join('a', nobody)
    const other = membership.join('b', nobody)
    expect(log).toEqual(['leave a', 'join b'])
    answers[0]!.resolve()
    await left
    await Promise.resolve()
    expect(log).toEqual(['leave a', 'join b', 'join a'])
    for (const { resolve } of answers) resolve()
    await Promise.all([joined, other])
  })

  it('goes on after a failure, which only who asked gets to know', async () => {
    const { bus, log, answers } = slowBus()
    const membership = new Membership(bus)
    const first = membership.join('a', nobody)
    const second = membership.leave('a')
    answers[0]!.reject(new Error('no connection'))
    await expect(first).rejects.toThrow('no connection')
    await Promise.resolve()
    expect(log).toEqual(['join a', 'leave a'])
    answers[1]!.resolve()
    await second
    await membership.settled()
  })
})
