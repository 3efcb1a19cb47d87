import { describe, expect, it } from 'vitest'
import { outlineOf } from '../../test/facts-store.ts'
import { aHub, settle, someFacts } from '../../test/live-hub.ts'
import type { Facts } from '../payload/facts.ts'
import { noBusStats } from './bus.ts'

const id = '8a7c1b5e-5a0e-4f0e-9d3b-0123456789ab'
const other = '8a7c1b5e-5a0e-4f0e-9d3b-0123456789ac'
const welcome = { message: `Welcome ${id}` }

describe('the hub', () => {
  it('drains: closes everyone with 1012, leaves the bus, and resolves once the last socket is gone', async () => {
    const { hub, facts, connect, time } = aHub()
    facts.set(id, someFacts())
    const sockets = [connect(id), connect(id)]
    await settle()
    let drained = false
    const drain = hub.drain(0).then(() => (drained = true))
    expect(sockets.map(({ closedWith }) => closedWith)).toEqual([1012, 1012])
    expect(hub.isDraining).toBe(true)
    sockets[0]!.vanish()
    await settle()
    expect(drained).toBe(false)
    sockets[1]!.vanish()
    await drain
    expect(hub.stats).toMatchObject({ sockets: 0, topics: 0 })
    expect(time.running).toBe(0)
  })

  it('drains over a time: sockets of every payload leave one after the other, and who is still here is told', async () => {
    const { hub, facts, connect, time } = aHub()
    facts.set(id, someFacts()).set(other, someFacts())
    const sockets = [id, id, other, other].map((payloadId) => connect(payloadId))
    await settle()
    const closed = () => sockets.filter(({ closedWith }) => closedWith !== null)
    const drain = hub.drain(2_000)
    expect(hub.isDraining).toBe(true)
    expect(closed()).toEqual([sockets[0]])
    time.pass(500)
    hub.announce(id, someFacts({ opened: true }))
    expect(sockets.map(({ closedWith }) => closedWith)).toEqual([1012, 1012, null, null])
    time.pass(500)
    hub.announce(other, someFacts({ opened: true }))
    expect(sockets.map(({ told }) => told.at(-1))).toEqual([
      { expires_in_seconds: 60 },
      { expires_in_seconds: 60 },
      { expires_in_seconds: 60 },
      { opened: true },
    ])
    time.pass(500)
    expect(closed()).toEqual(sockets)
    for (const socket of sockets) socket.vanish()
    await drain
    expect(hub.stats).toMatchObject({ sockets: 0, topics: 0 })
    expect(time.running).toBe(0)
  })

  it('closes who comes while it drains, and nobody else before their turn', async () => {
    const { hub, facts, connect, time } = aHub()
    facts.set(id, someFacts())
    const early = [connect(id), connect(id)]
    const drain = hub.drain(2_000)
    const late = connect(id)
    expect([...early, late].map(({ closedWith }) => closedWith)).toEqual([1012, null, 1012])
    time.pass(2_000)
    for (const socket of [...early, late]) socket.vanish()
    await drain
  })

  it('counts the sockets of an address over all payloads, those that are closing included', async () => {
    const { hub, facts, connect } = aHub()
    facts.set(id, someFacts())
    const [dismissed, one, two] = [connect(other, 'a'), connect(id, 'a'), connect(id, 'b')]
    await settle()
    expect(dismissed.closedWith).toBe(1000)
    expect([hub.countOnNode('a'), hub.countOnNode('b'), hub.countOnNode('c')]).toEqual([2, 1, 0])
    for (const socket of [dismissed, one, two]) socket.vanish()
    expect([hub.countOnNode('a'), hub.countOnNode('b')]).toEqual([0, 0])
  })

  it('drains at once when nobody is there', async () => {
    await aHub().hub.drain(0)
  })

  it('knows whether the originating browser window is there', async () => {
    const { hub, facts, connect } = aHub()
    facts.set(id, someFacts())
    expect(hub.hasPage(id)).toBe(false)
    connect(id)
    const page = connect(id)
    page.say('{"page":true}')
    await settle()
    expect(hub.hasPage(id)).toBe(true)
    expect(hub.hasPage(other)).toBe(false)
    page.vanish()
    expect(hub.hasPage(id)).toBe(false)
  })

  it('repairs what it has subscribers for and knows less of, with one read', async () => {
    const { hub, facts, connect } = aHub()
    facts.set(id, someFacts())
    const socket = connect(id)
    await settle()
    facts.set(id, someFacts({ opened: true }))
    const outlines = [outlineOf(id, facts.get(id)!), outlineOf(other, someFacts({ opened: true }))]
    await hub.repair(outlines)
    await hub.repair(outlines)
    expect(socket.told).toEqual([welcome, { expires_in_seconds: 60 }, { opened: true }])
    expect(hub.stats).toMatchObject({ topics: 1, joins: 2, joinsWithNews: 1, reads: 2, payloadsRead: 2, repaired: 1 })
  })

  it('reads again for a topic whose own read may be older than the change', async () => {
    const answers: (() => void)[] = []
    const answered = (now: Facts) =>
      new Promise<{ facts: Facts; now: number }>((resolve) => answers.push(() => resolve({ facts: now, now: 0 })))
    let current = someFacts()
    const { hub, connect } = aHub({ readFacts: () => answered(current) })
    const socket = connect(id)
    await settle()
    current = someFacts({ opened: true })
    const repaired = hub.repair([outlineOf(id, current)])
    await settle()
    expect(answers).toHaveLength(2)
    for (const answer of answers) answer()
    await repaired
    await settle()
    expect(socket.told).toEqual([welcome, { expires_in_seconds: 60 }, { opened: true }])
  })

  it('tells its own subscribers of a change although the bus is dead', async () => {
    const bus = {
      publish: () => undefined,
      join: async () => undefined,
      leave: async () => undefined,
      onGap: () => undefined,
      stats: noBusStats(),
      isHealthy: () => false,
      close: async () => undefined,
    }
    const { hub, facts, connect } = aHub({ bus })
    facts.set(id, someFacts())
    const socket = connect(id)
    await settle()
    hub.announce(id, someFacts({ opened: true }))
    hub.announceFetched(id, 'a call')
    expect(socket.told.slice(2)).toEqual([{ opened: true }, { devapp_fetched: true }])
  })

  it('lets the oldest socket of the address with most give way when a payload is full', async () => {
    const { hub, facts, connect } = aHub({ settings: { socketsPerPayload: 4 } })
    facts.set(id, someFacts())
    const sockets = ['a', 'b', 'b', 'c'].map((address) => connect(id, address))
    await settle()
    const newcomer = connect(id, 'c')
    expect(sockets.map(({ closedWith }) => closedWith)).toEqual([null, 1013, null, null])
    expect(newcomer.told[0]).toEqual(welcome)
    expect(hub.countFrom(id, 'b')).toBe(1)
    expect(hub.countFrom(id, 'c')).toBe(2)
    expect(hub.stats.gaveWay).toBe(1)
  })

  it('does not let one payload disturb another', async () => {
    const { hub, facts, connect, faults } = aHub({
      readFacts: async (asked) => {
        if (asked === other) throw new Error('this read fails')
        return { facts: facts.get(asked)!, now: 0 }
      },
    })
    facts.set(id, someFacts())
    const [good, bad] = [connect(id), connect(other)]
    await settle()
    hub.announce(id, someFacts({ opened: true } satisfies Partial<Facts>))
    expect(bad.closedWith).toBe(1011)
    expect(bad.told).toEqual([])
    expect(good.told).toHaveLength(3)
    expect(faults).toHaveLength(1)
  })
})
