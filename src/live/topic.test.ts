import { describe, expect, it } from 'vitest'
import { aHub, settle, someFacts, type HubRig } from '../../test/live-hub.ts'
import type { Facts } from '../payload/facts.ts'
import { noBusStats, type Bus, type Hint } from './bus.ts'

const id = '8a7c1b5e-5a0e-4f0e-9d3b-0123456789ab'
const welcome = { message: `Welcome ${id}` }
const resolved = { signed: true, return_url: {}, custom_meta: {} } as Facts['resolved']
const whole = someFacts({ opened: true, preSigned: true, dispatched: true, resolved })
const inOrder = [
  { opened: true },
  { pre_signed: true },
  { dispatched: true },
  expect.objectContaining({ signed: true }),
]

/** A hub whose bus and reads answer when the test says so; `steps` is what was asked of them. */
const aSlowHub = (settings = {}) => {
  const steps: string[] = []
  const answers: (() => void)[] = []
  const heard = new Map<string, (hint: Hint) => void>()
  let next: Facts | null | Error = someFacts()
  const asked = (step: string) => {
    steps.push(step)
    return new Promise<void>((resolve) => answers.push(resolve))
  }
  const bus: Bus = {
    publish: () => undefined,
    join: (payloadId, listener) => {
      heard.set(payloadId, listener)
      return asked('join')
    },
    leave: () => asked('leave'),
    onGap: () => undefined,
    stats: noBusStats(),
    isHealthy: () => true,
    close: async () => undefined,
  }
  const rig: HubRig = aHub({
    bus,
    settings,
    readFacts: async () => {
      await asked('read')
      if (next instanceof Error) throw next
      return next === null ? null : { facts: next, now: rig.time.now() }
    },
  })
  return {
    ...rig,
    steps,
    hint: (hint: Hint) => heard.get(id)?.(hint),
    found: (facts: Facts | null | Error) => (next = facts),
    answer: async () => {
      answers.shift()?.()
      await settle()
    },
  }
}

describe('a topic', () => {
  it('joins the bus before it reads, and welcomes only then', async () => {
    const { steps, answer, connect } = aSlowHub()
    const socket = connect(id)
    expect(steps).toEqual(['join'])
    await answer()
    expect(steps).toEqual(['join', 'read'])
    expect(socket.told).toEqual([])
    await answer()
    expect(socket.told).toEqual([welcome, { expires_in_seconds: 60 }])
  })

  it('joins hints that arrive during the read into what the read says', async () => {
    const { answer, connect, hint } = aSlowHub()
    const socket = connect(id)
    await answer()
    hint({ kind: 'facts', facts: whole })
    hint({ kind: 'facts', facts: someFacts({ opened: true }) })
    await answer()
    expect(socket.told).toEqual([welcome, { expires_in_seconds: 60 }, ...inOrder])
  })

  it('believes a hint where the read came too early to find anything', async () => {
    const { answer, connect, hint, found } = aSlowHub()
    found(null)
    const socket = connect(id)
    await answer()
    hint({ kind: 'facts', facts: someFacts({ opened: true }) })
    await answer()
    expect(socket.told).toEqual([welcome, { expires_in_seconds: 60 }, { opened: true }])
  })

  it('tells what a join adds, once, in canonical order', async () => {
    const { answer, connect, hint } = aSlowHub()
    const socket = connect(id)
    await answer()
    await answer()
    hint({ kind: 'facts', facts: someFacts({ opened: true, preSigned: true }) })
    hint({ kind: 'facts', facts: someFacts({ opened: true }) })
    hint({ kind: 'facts', facts: whole })
    hint({ kind: 'facts', facts: whole })
    expect(socket.told.slice(2)).toEqual(inOrder)
  })

  it('tells a newcomer the facts so far without another read', async () => {
    const { answer, connect, hint, steps } = aSlowHub()
    connect(id)
    await answer()
    await answer()
    hint({ kind: 'facts', facts: whole })
    expect(connect(id).told).toEqual([welcome, { expires_in_seconds: 60 }, ...inOrder])
    expect(steps).toEqual(['join', 'read'])
  })

  it('dismisses everyone with 1000 when there is no such payload, and asks again for the next', async () => {
    const { answer, connect, found, steps, hub } = aSlowHub()
    found(null)
    const sockets = [connect(id), connect(id)]
    await answer()
    await answer()
    for (const socket of sockets) {
      expect(socket.told).toEqual([{ message: `There is no payload with the id ${id}.` }])
      expect(socket.closedWith).toBe(1000)
    }
    expect(hub.stats.topics).toBe(0)
    found(someFacts())
    const later = connect(id)
    for (const step of ['leave', 'join', 'read']) {
      expect(steps.at(-1)).toBe(step)
      await answer()
    }
    expect(later.told[0]).toEqual(welcome)
  })

  it('closes everyone with 1011 when the read fails, and reports the fault', async () => {
    const { answer, connect, found, faults, hub } = aSlowHub()
    const fault = new Error('the database is away')
    found(fault)
    const socket = connect(id)
    await answer()
    await answer()
    expect(socket.closedWith).toBe(1011)
    expect(faults).toEqual([fault])
    expect(hub.stats.topics).toBe(0)
  })

  it('lingers five seconds after its last socket, then leaves the bus', async () => {
    const { answer, connect, time, steps, hub } = aSlowHub()
    const first = connect(id)
    await answer()
    await answer()
    first.vanish()
    time.pass(4_900)
    const second = connect(id)
    expect(second.told[0]).toEqual(welcome)
    time.pass(10_000)
    second.vanish()
    time.pass(4_999)
    expect(steps).toEqual(['join', 'read'])
    time.pass(1)
    expect(steps).toEqual(['join', 'read', 'leave'])
    expect(hub.stats.topics).toBe(0)
  })

  it('joins anew only after it has left', async () => {
    const { answer, connect, time, steps } = aSlowHub()
    connect(id).vanish()
    await answer()
    await answer()
    time.pass(5_000)
    const socket = connect(id)
    await settle()
    expect(steps).toEqual(['join', 'read', 'leave'])
    await answer()
    await answer()
    await answer()
    expect(steps).toEqual(['join', 'read', 'leave', 'join', 'read'])
    expect(socket.told[0]).toEqual(welcome)
  })

  it('stays although everyone left while it was being read', async () => {
    const { answer, connect, time, steps, hub } = aSlowHub()
    connect(id).vanish()
    time.pass(20_000)
    expect(hub.stats.topics).toBe(1)
    await answer()
    await answer()
    time.pass(5_000)
    expect(steps).toEqual(['join', 'read', 'leave'])
  })

  it('passes a fetch on once per call, to those who were there, after their welcome', async () => {
    const { answer, connect, hint } = aSlowHub()
    const early = connect(id)
    hint({ kind: 'devappFetched', callId: 'call 1' })
    await answer()
    await answer()
    hint({ kind: 'devappFetched', callId: 'call 1' })
    const late = connect(id)
    hint({ kind: 'devappFetched', callId: 'call 2' })
    hint({ kind: 'devappFetched', callId: 'call 2' })
    const fetched = { devapp_fetched: true }
    expect(early.told.slice(2)).toEqual([fetched, fetched])
    expect(late.told.slice(2)).toEqual([fetched])
  })

  it('recognises the last 256 calls, and forgets older ones', async () => {
    const { answer, connect, hint } = aSlowHub()
    const socket = connect(id)
    await answer()
    await answer()
    const fetched = (call: number) => hint({ kind: 'devappFetched', callId: `call ${call}` })
    for (let n = 0; n < 256; n++) fetched(n)
    for (let n = 0; n < 256; n++) fetched(n)
    expect(socket.told.slice(2)).toHaveLength(256)
    fetched(256)
    fetched(0)
    expect(socket.told.slice(2)).toHaveLength(258)
  })
})

describe('expiry', () => {
  const ready = async (expiry: number) => {
    const rig = aHub()
    rig.facts.set(id, someFacts({ expiry }))
    const socket = rig.connect(id)
    await settle()
    return { ...rig, socket }
  }
  const day = 24 * 60 * 60 * 1000

  it('is told once, at the moment, and then the seconds since', async () => {
    const { socket, time } = await ready(20_000)
    time.pass(19_999)
    expect(socket.told).toEqual([welcome, { expires_in_seconds: 20 }, { expires_in_seconds: 5 }])
    time.pass(1)
    expect(socket.told.at(-1)).toEqual({ expired: true })
    time.pass(10_100)
    expect(socket.told.slice(3)).toEqual([{ expired: true }, { expires_in_seconds: -10 }])
    expect(socket.closedWith).toBeNull()
  })

  it('is told of a payload that lives for 30 days', async () => {
    const { socket, time } = await ready(30 * day)
    expect(socket.told).toEqual([welcome, { expires_in_seconds: 30 * 24 * 60 * 60 }])
    time.stall(30 * day - 1)
    time.pass(0)
    expect(socket.told.slice(2)).toEqual([{ expires_in_seconds: 1 }])
    time.pass(1)
    expect(socket.told.slice(3)).toEqual([{ expired: true }])
  })

  it('is told instead of the seconds left to who comes later', async () => {
    const { connect, time } = await ready(1_000)
    time.pass(3_000)
    expect(connect(id).told).toEqual([welcome, { expired: true }])
  })

  it('comes early with a cancellation', async () => {
    const { socket, hub, time } = await ready(60_000)
    time.pass(7_300)
    hub.announce(id, someFacts({ expiry: 7_300 }))
    hub.announce(id, someFacts({ expiry: 7_300 }))
    expect(socket.told.slice(2)).toEqual([{ expired: true }])
    time.pass(7_800)
    expect(socket.told.slice(3)).toEqual([{ expires_in_seconds: -7 }])
    time.pass(100_000)
    expect(socket.told.filter((message) => JSON.stringify(message) === '{"expired":true}')).toHaveLength(1)
  })

  it('goes by the clock of the database', async () => {
    const { facts, connect, time, clock } = aHub({
      readFacts: async (asked) => ({ facts: facts.get(asked)!, now: time.now() + 30_000 }),
    })
    facts.set(id, someFacts({ expiry: 50_000 }))
    const socket = connect(id)
    await settle()
    expect(clock.offset).toBe(30_000)
    expect(socket.told[1]).toEqual({ expires_in_seconds: 20 })
    time.pass(20_000)
    expect(socket.told).toContainEqual({ expired: true })
  })

  it('is not taken back by a clock that is set back', async () => {
    const { socket, time, clock, connect } = await ready(10_000)
    time.pass(10_000)
    clock.observe(5_000)
    time.pass(5_100)
    expect(socket.told.slice(2)).toEqual([{ expired: true }, { expires_in_seconds: 0 }])
    expect(connect(id).told).toEqual([welcome, { expired: true }])
  })

  it('is told before a keepalive that says so, however late the timer is', async () => {
    const { socket, time } = await ready(10_000)
    time.stall(16_000)
    time.pass(0)
    expect(socket.told.slice(2)).toEqual([{ expired: true }, { expires_in_seconds: -6 }])
  })
})
