import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { opcodes } from '../../src/live/opcodes.ts'
import { readFrames } from '../fake-socket.ts'
import { clientFrame } from '../frames/client-frame.ts'
import { connectClient, freshFacts, startLiveServer, type LiveServer, type LiveServerOptions } from '../live-server.ts'
import { askForUpgrade } from '../raw-client.ts'

describe('the upgrade to a status socket', () => {
  let server: LiveServer
  const id = randomUUID()

  const stats = () => server.live.hub.stats
  /** What a trusted proxy says of its client; whoever comes by no proxy is exempt. */
  const behindProxy: LiveServerOptions['clientAddress'] = (request) => {
    const forwarded = request.headers['x-forwarded-for'] as string | undefined
    return { key: forwarded ?? '127.0.0.1', exempt: forwarded === undefined }
  }

  const start = async (options: LiveServerOptions = {}): Promise<void> => {
    server = await startLiveServer(options)
    server.facts.set(id, freshFacts())
  }
  afterEach(async () => {
    expect(server.faults).toEqual([])
    await server.close()
  })

  it.each([`/sign/${id}`, `/sign/${id.toUpperCase()}/`, `//sign//${id}?from=sdk`])('is open at %s', async (path) => {
    await start()
    const client = connectClient(`ws://127.0.0.1:${server.port}${path}`)
    expect((await client.received(1))[0]).toEqual({ message: `Welcome ${id}` })
  })

  it.each(['/', '/sign', '/sign/', '/sign/not-a-uuid', `/sign/${id}0`, `/sign/${id}/qr`, `/other/${id}`, `/${id}`])(
    'is refused with 404 at %s',
    async (path) => {
      await start()
      const { status, socket } = await askForUpgrade(server.port, path)
      expect(status).toBe(404)
      await once(socket, 'close')
    },
  )

  it('is open to any origin, and compresses nothing', async () => {
    await start()
    const { status, headers, socket } = await askForUpgrade(server.port, `/sign/${id}`, {
      Origin: 'https://anywhere.test',
      'Sec-WebSocket-Extensions': 'permessage-deflate',
    })
    expect(status).toBe(101)
    expect(headers.has('sec-websocket-extensions')).toBe(false)
    socket.destroy()
  })

  it('is refused with 400 to another protocol', async () => {
    await start()
    expect((await askForUpgrade(server.port, `/sign/${id}`, { Upgrade: 'h2c' })).status).toBe(400)
  })

  it('is refused with 426 to another version of the protocol, and the one that is spoken is named', async () => {
    await start()
    const { status, headers, socket } = await askForUpgrade(server.port, `/sign/${id}`, {
      'Sec-WebSocket-Version': '8',
    })
    expect([status, headers.get('sec-websocket-version'), headers.get('upgrade')]).toEqual([426, '13', 'websocket'])
    await once(socket, 'close')
  })

  it('may be followed by messages in the same packet', async () => {
    await start()
    const impatient = clientFrame(opcodes.text, '{"ping":true}')
    const { socket, body } = await askForUpgrade(server.port, `/sign/${id}`, {}, impatient)
    let received = body
    socket.on('data', (chunk: Buffer) => (received += chunk.toString('latin1')))
    await vi.waitFor(() => expect(received).toContain('Right back at you!'))
    expect(readFrames(Buffer.from(received, 'latin1'))).toEqual([
      { message: `Welcome ${id}` },
      { expires_in_seconds: 60 },
      { message: 'Right back at you!' },
    ])
    socket.destroy()
  })

  it('is refused with 503 and Retry-After when the node is full', async () => {
    await start({ settings: { socketsPerNode: 1 } })
    const first = connectClient(server.url(id))
    await first.received(1)
    const second = await askForUpgrade(server.port, `/sign/${randomUUID()}`)
    expect([second.status, second.headers.get('retry-after')]).toEqual([503, '10'])
    expect(stats().refusedNodeFull).toBe(1)
    first.socket.close()
    await first.closed
    const third = connectClient(server.url(id))
    await third.received(1)
  })

  it('is refused with 503 and Retry-After once the server shuts down', async () => {
    await start()
    await server.live.hub.drain(0)
    const { status, headers } = await askForUpgrade(server.port, `/sign/${id}`)
    expect([status, headers.get('retry-after')]).toEqual([503, '2'])
    expect(stats().refusedDraining).toBe(1)
  })

  it('is refused with 429 to an address that has its share of the payload, unless it is exempt', async () => {
    await start({ clientAddress: behindProxy, settings: { socketsPerAddress: 2 } })
    const ask = (forwarded: string, path = `/sign/${id}`) =>
      askForUpgrade(server.port, path, { 'X-Forwarded-For': forwarded })
    const answers = [await ask('192.0.2.1'), await ask('192.0.2.1'), await ask('192.0.2.1')]
    expect(answers.map(({ status }) => status)).toEqual([101, 101, 429])
    expect(answers[2]!.headers.get('retry-after')).toBe('60')
    expect(stats()).toMatchObject({ refusedAddressOnPayload: 1, refusedAddressOnNode: 0 })
    const another = randomUUID()
    server.facts.set(another, freshFacts())
    const elsewhere = [await ask('192.0.2.2'), await ask('192.0.2.1', `/sign/${another}`)]
    expect(elsewhere.map(({ status }) => status)).toEqual([101, 101])
    const exempt = [1, 2, 3].map(() => connectClient(server.url(id)))
    for (const client of exempt) await client.received(2)
    for (const { socket } of [...answers, ...elsewhere]) socket.destroy()
  })

  it('is refused with 429 to an address that has its share of the node, until one of its sockets is gone', async () => {
    await start({ clientAddress: behindProxy, settings: { socketsPerAddressOnNode: 2 } })
    const another = randomUUID()
    server.facts.set(another, freshFacts())
    const ask = (forwarded: string, path = `/sign/${id}`) =>
      askForUpgrade(server.port, path, { 'X-Forwarded-For': forwarded })
    const answers = [await ask('192.0.2.1'), await ask('192.0.2.1', `/sign/${another}`), await ask('192.0.2.1')]
    expect(answers.map(({ status }) => status)).toEqual([101, 101, 429])
    expect(answers[2]!.headers.get('retry-after')).toBe('60')
    expect(stats()).toMatchObject({ sockets: 2, refusedAddressOnPayload: 0, refusedAddressOnNode: 1 })
    const exempt = [1, 2, 3].map(() => connectClient(server.url(id)))
    for (const client of exempt) await client.received(2)
    expect((await ask('192.0.2.2')).status).toBe(101)

    // who closes properly, who is reset, who breaks the protocol
    const endings: ((socket: Socket) => unknown)[] = [
      (socket) => socket.end(),
      (socket) => socket.resetAndDestroy(),
      (socket) => socket.write(Buffer.from('ffffffffffff', 'hex')),
    ]
    let last = answers[0]!
    for (const end of endings) {
      end(last.socket.resume())
      await vi.waitFor(() => expect(server.live.hub.countOnNode('192.0.2.1')).toBe(1))
      last = await ask('192.0.2.1')
      expect([last.status, (await ask('192.0.2.1')).status]).toEqual([101, 429])
    }
    last.socket.destroy()
    await vi.waitFor(() => expect(server.live.hub.countOnNode('192.0.2.1')).toBe(1))
    const unknown = await ask('192.0.2.1', `/sign/${randomUUID()}`)
    expect(unknown.status).toBe(101)
    unknown.socket.end()
    await vi.waitFor(() => expect(server.live.hub.countOnNode('192.0.2.1')).toBe(1))
    answers[1]!.socket.destroy()
  })

  it('does not count an upgrade that fails', async () => {
    await start({ clientAddress: behindProxy, settings: { socketsPerAddressOnNode: 1 } })
    const broken = { 'X-Forwarded-For': '192.0.2.1', 'Sec-WebSocket-Version': '7' }
    for (let n = 0; n < 3; n++) expect((await askForUpgrade(server.port, `/sign/${id}`, broken)).status).toBe(426)
    expect(server.live.hub.countOnNode('192.0.2.1')).toBe(0)
  })

  it('survives a peer that resets the connection while it is refused', async () => {
    await start()
    for (let n = 0; n < 20; n++) {
      const socket = connect(server.port, '127.0.0.1')
      await once(socket, 'connect')
      socket.write('GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
      socket.resetAndDestroy()
    }
    const client = connectClient(server.url(id))
    await client.received(2)
  })
})
