import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { factsOf } from '../../src/payload/facts.ts'
import { open, sign } from '../../src/payload/lifecycle.ts'
import { aContext, anActor, aPayload, aSignature, signingDetails } from '../payload-fixture.ts'
import { connectClient, freshFacts, startLiveServer, type LiveServer } from '../live-server.ts'

describe('a status socket', () => {
  let server: LiveServer
  const id = randomUUID()

  beforeEach(async () => {
    server = await startLiveServer()
  })
  afterEach(async () => {
    expect(server.faults).toEqual([])
    await server.close()
    expect(server.live.hub.stats.sockets).toBe(0)
  })

  it('welcomes, says how long is left, and tells of what happens as it happens', async () => {
    server.facts.set(id, freshFacts())
    const client = connectClient(server.url(id))
    expect(await client.received(2)).toEqual([{ message: `Welcome ${id}` }, { expires_in_seconds: 60 }])
    server.live.hub.announce(id, freshFacts({ opened: true }))
    expect((await client.received(3))[2]).toEqual({ opened: true })
    server.live.hub.announceFetched(id, randomUUID())
    expect((await client.received(4))[3]).toEqual({ devapp_fetched: true })
  })

  it('tells a newcomer what had already happened, in order, with the resolve message as it is', async () => {
    const opened = open(aPayload({ id }), anActor('alice'), 1)
    if ('refused' in opened) throw new Error('not opened')
    const signed = sign(opened, anActor('alice'), aSignature, signingDetails, aContext, 2)
    if ('refused' in signed) throw new Error('not signed')
    server.facts.set(id, factsOf(signed))
    const client = connectClient(server.url(id.toUpperCase()))
    expect(await client.received(5)).toEqual([
      { message: `Welcome ${id}` },
      { expired: true },
      { opened: true },
      { dispatched: true },
      factsOf(signed).resolved,
    ])
  })

  it('answers any client message', async () => {
    server.facts.set(id, freshFacts())
    const client = connectClient(server.url(id))
    await client.received(2)
    client.socket.send('{"ping":true}')
    client.socket.send('no JSON')
    client.socket.send(Buffer.from([0xff, 0x00]))
    const rightBack = { message: 'Right back at you!' }
    expect((await client.received(5)).slice(2)).toEqual([rightBack, rightBack, rightBack])
  })

  it('says so and closes with 1000 when there is no such payload', async () => {
    const client = connectClient(server.url(id))
    expect(await client.closed).toEqual({ code: 1000, reason: 'no such payload' })
    expect(client.messages).toEqual([{ message: `There is no payload with the id ${id}.` }])
  })
})
