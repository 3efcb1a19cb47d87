import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { FakeTime } from '../../../test/fake-time.ts'
import { someFacts } from '../../../test/live-hub.ts'
import type { Hint } from '../bus.ts'
import { mostWaiting, type ToPrimary } from './bus-messages.ts'
import { WorkerBus } from './worker-bus.ts'

const hint: Hint = { kind: 'facts', facts: someFacts({ opened: true }) }
const ignore = (): void => undefined

/** A bus whose primary answers only when the test does. */
const aBus = () => {
  const told: ToPrimary[] = []
  const unread: ((error: Error | null) => void)[] = []
  const faults: unknown[] = []
  const time = new FakeTime()
  const bus = new WorkerBus({
    primary: {
      send: (message, done) => {
        told.push(message)
        if (done !== undefined) unread.push(done)
      },
    },
    isConnected: () => true,
    onFault: (fault) => faults.push(fault),
    timers: time,
  })
  return { bus, told, unread, faults, time }
}

const isSettled = async (promise: Promise<unknown>): Promise<boolean> => {
  let settled = false
  void promise.then(() => (settled = true))
  await setImmediate()
  return settled
}

describe('the bus of a worker', () => {
  it('tells the primary in one message what was joined and left in one turn, the last word counting', async () => {
    const { bus, told } = aBus()
    void bus.join('one', ignore)
    void bus.join('two', ignore)
    await bus.leave('two')
    void bus.join('three', ignore)
    await bus.leave('three')
    void bus.join('three', ignore)
    await setImmediate()
    await bus.leave('one')
    await setImmediate()
    expect(told).toEqual([
      { kind: 'join', number: 1, joining: ['one', 'three'], leaving: [] },
      { kind: 'join', number: 2, joining: [], leaving: ['one'] },
    ])
  })

  it('has joined once the primary has confirmed, each time it is asked', async () => {
    const { bus } = aBus()
    const first = bus.join('one', ignore)
    await setImmediate()
    const second = bus.join('one', ignore)
    expect(await isSettled(first)).toBe(false)
    bus.hear({ kind: 'joined', number: 1 })
    expect([await isSettled(first), await isSettled(second)]).toEqual([true, false])
    bus.hear({ kind: 'joined', number: 2 })
    expect(await isSettled(second)).toBe(true)
  })

  it('keeps nobody waiting for a primary that does not answer', async () => {
    const { bus, time } = aBus()
    const joined = bus.join('one', ignore)
    await setImmediate()
    time.pass(999)
    expect(await isSettled(joined)).toBe(false)
    time.pass(1)
    expect(await isSettled(joined)).toBe(true)
  })

  it('loses and counts hints that the primary does not read, and those that cannot be sent', () => {
    const { bus, told, unread } = aBus()
    const callId = 'x'.repeat(mostWaiting / 2)
    for (let count = 0; count < 3; count++) bus.publish('one', { kind: 'devappFetched', callId })
    expect([told.length, bus.stats.lost]).toEqual([1, 2])
    unread[0]!(new Error('the channel is closed'))
    expect(bus.stats).toMatchObject({ published: 3, lost: 3 })
    bus.publish('one', hint)
    expect([told.length, bus.stats.lost]).toEqual([2, 3])
  })

  it('believes what arrives only when it is a hint, and survives who listens', async () => {
    const { bus, faults } = aBus()
    const fault = new Error('a listener')
    void bus.join('one', () => {
      throw fault
    })
    bus.hear({ kind: 'hint', payloadId: 'one', text: '{"kind":"facts"}' })
    expect([bus.stats.malformed, faults]).toEqual([1, []])
    bus.hear({ kind: 'hint', payloadId: 'one', text: JSON.stringify(hint) })
    bus.hear({ kind: 'hint', payloadId: 'left', text: JSON.stringify(hint) })
    expect([bus.stats.heard, faults]).toEqual([2, [fault]])
  })

  it('passes a gap on', () => {
    const { bus } = aBus()
    let gaps = 0
    bus.onGap(() => gaps++)
    bus.hear({ kind: 'gap' })
    expect(gaps).toBe(1)
  })
})
