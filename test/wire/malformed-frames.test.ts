import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectClient, freshFacts, startLiveServer, type LiveServer } from '../live-server.ts'
import { askForUpgrade } from '../raw-client.ts'

/** With the mask of zeros, which leaves the payload as it is. */
const frame = (first: number, payload: readonly number[] = []): number[] => [
  first,
  0x80 | payload.length,
  ...[0, 0, 0, 0],
  ...payload,
]
const long = (length: readonly number[]): number[] => [0x81, 0x80 | (length.length === 2 ? 126 : 127), ...length]

const [violation, notText, tooBig] = [1002, 1007, 1009]

describe('a status socket is closed by its client sending', () => {
  let server: LiveServer
  const id = randomUUID()

  beforeAll(async () => {
    server = await startLiveServer()
    server.facts.set(id, freshFacts())
  })
  afterAll(async () => {
    expect(server.faults).toEqual([])
    await server.close()
  })

  it.each([
    ['a frame without a mask', violation, [0x81, 1, 0x61]],
    ['a reserved bit', violation, frame(0xc1, [0x61])],
    ['a reserved kind of frame', violation, frame(0x83)],
    ['the rest of nothing', violation, frame(0x80, [0x61])],
    ['a message within a message', violation, [...frame(0x01, [0x61]), ...frame(0x01, [0x61])]],
    ['a ping in pieces', violation, frame(0x09)],
    ['a ping that is too long', violation, [0x89, 0x80 | 126, 0, 126]],
    ['half a closing code', violation, frame(0x88, [0x03])],
    ['a closing code that may not be sent', violation, frame(0x88, [0x03, 0xed])],
    ['a text that is no UTF-8', notText, frame(0x81, [0xc3, 0x28])],
    ['half a surrogate pair', notText, frame(0x81, [0xed, 0xa0, 0x80])],
    ['a closing reason that is no UTF-8', notText, frame(0x88, [0x03, 0xe8, 0xff])],
    ['64 KiB', tooBig, long([0xff, 0xff])],
    ['as much as there can be', tooBig, long([0, 0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])],
    ['more than there can be', tooBig, long([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])],
  ])('%s, with the code for it', async (_, code, bytes) => {
    const neighbour = connectClient(server.url(id))
    await neighbour.received(2)
    const { socket, body } = await askForUpgrade(server.port, `/sign/${id}`)
    let received = Buffer.from(body, 'latin1')
    socket.on('data', (chunk: Buffer) => (received = Buffer.concat([received, chunk])))
    socket.write(Buffer.from(bytes))
    await once(socket, 'close')
    // the last frame: closing, two bytes
    expect([...received.subarray(-4)]).toEqual([0x88, 2, code >> 8, code & 0xff])
    neighbour.socket.send('{"ping":true}')
    expect((await neighbour.received(3))[2]).toEqual({ message: 'Right back at you!' })
    neighbour.socket.close()
  })
})
