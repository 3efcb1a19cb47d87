import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import { connectClient, freshFacts, startLiveServer, type LiveServer, type LiveServerOptions } from '../live-server.ts'
import { askForUpgrade } from '../raw-client.ts'

describe('what a subscriber controls is bounded:', () => {
  let server: LiveServer
  const id = randomUUID()

  const start = async (options: LiveServerOptions = {}): Promise<void> => {
    server = await startLiveServer(options)
    server.facts.set(id, freshFacts())
  }
  const stats = () => server.live.hub.stats
  afterEach(() => server.close())

  it('a message of 4 KiB is answered, one byte more closes with 1009', async () => {
    await start()
    const client = connectClient(server.url(id))
    await client.received(2)
    client.socket.send('x'.repeat(4096))
    expect((await client.received(3))[2]).toEqual({ message: 'Right back at you!' })
    client.socket.send('x'.repeat(4097))
    expect((await client.closed).code).toBe(1009)
  })

  it('a message in hundreds of pieces closes with 1008', async () => {
    await start()
    const client = connectClient(server.url(id))
    await client.received(2)
    for (let n = 0; n < 300; n++) client.socket.send('x', { fin: false })
    expect((await client.closed).code).toBe(1008)
  })

  it('more messages than 20 a second close with 1008, and a neighbour does not notice', async () => {
    await start()
    const [loud, quiet] = [connectClient(server.url(id)), connectClient(server.url(id))]
    await Promise.all([loud.received(2), quiet.received(2)])
    for (let n = 0; n < 200; n++) loud.socket.send('{"ping":true}')
    expect(await loud.closed).toEqual({ code: 1008, reason: 'more than 20 messages per second' })
    expect(loud.messages.length).toBeLessThan(50)
    quiet.socket.send('{"ping":true}')
    expect((await quiet.received(3))[2]).toEqual({ message: 'Right back at you!' })
    await expect.poll(stats).toMatchObject({ tooManyMessages: 1, sockets: 1 })
  })

  it('WebSocket pings count as messages', async () => {
    await start()
    const client = connectClient(server.url(id))
    await client.received(2)
    for (let n = 0; n < 100; n++) client.socket.ping()
    expect((await client.closed).code).toBe(1008)
  })

  it('a slow reader is cut off, and a neighbour gets everything', async () => {
    await start()
    const { socket: slow } = await askForUpgrade(server.port, `/sign/${id}`)
    slow.pause()
    const neighbour = connectClient(server.url(id))
    await neighbour.received(2)
    let fetches = 0
    // the kernels on both sides take some megabytes before anything waits here
    while (stats().slowReaders === 0 && fetches < 1_000_000) {
      for (let n = 0; n < 200; n++) server.live.hub.announceFetched(id, `${fetches++}`)
      await neighbour.received(2 + fetches)
    }
    await expect.poll(stats).toMatchObject({ slowReaders: 1, sockets: 1 })
    expect(neighbour.messages).toHaveLength(2 + fetches)
    slow.destroy()
  })

  it('a connection whose peer is gone is found by pings, one whose peer answers them stays', async () => {
    await start({ settings: { keepalive: 100 } })
    const { socket: silent } = await askForUpgrade(server.port, `/sign/${id}`)
    const alive = connectClient(server.url(id))
    silent.resume()
    await once(silent, 'close')
    await expect.poll(stats).toMatchObject({ halfOpen: 1, sockets: 1 })
    expect((await alive.received(5)).slice(2)).toEqual(Array(3).fill({ expires_in_seconds: 60 }))
  })

  it('the oldest socket of the address with most gives way with 1013 when a payload is full', async () => {
    await start({
      settings: { socketsPerPayload: 3 },
      clientAddress: (request) => ({ key: request.headers.origin ?? 'nowhere', exempt: true }),
    })
    const [first, second] = [connectClient(server.url(id)), connectClient(server.url(id))]
    await Promise.all([first.received(2), second.received(2)])
    const alone = await askForUpgrade(server.port, `/sign/${id}`, { Origin: 'elsewhere' })
    const newcomer = connectClient(server.url(id))
    expect((await first.closed).code).toBe(1013)
    expect((await newcomer.received(1))[0]).toEqual({ message: `Welcome ${id}` })
    expect(alone.socket.destroyed).toBe(false)
    alone.socket.destroy()
  })

  it('a peer that does not answer the closing handshake is cut off while the server shuts down', async () => {
    await start({ settings: { closeTimeout: 100 } })
    const { socket: stubborn } = await askForUpgrade(server.port, `/sign/${id}`)
    stubborn.resume()
    const polite = connectClient(server.url(id))
    await polite.received(2)
    const closed = once(stubborn, 'close')
    await server.live.hub.drain(0)
    await closed
    expect(await polite.closed).toEqual({ code: 1012, reason: 'this server is restarting' })
    expect(stats()).toMatchObject({ sockets: 0, topics: 0 })
  })

  it('a read that fails closes with 1011, so that clients come back', async () => {
    await start({ readFacts: () => Promise.reject(new Error('the database is away')) })
    const client = connectClient(server.url(id))
    expect((await client.closed).code).toBe(1011)
    expect(client.messages).toEqual([])
    expect(server.faults).toHaveLength(1)
  })
})
