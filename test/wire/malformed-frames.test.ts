import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clientFrame } from '../frames/client-frame.ts'
import { connectClient, freshFacts, startLiveServer, type LiveServer } from '../live-server.ts'
import { askForUpgrade } from '../raw-client.ts'

const frame = (first: number, payload: readonly number[] = []): number[] => {
  const isFinal = first >= 0x80
  return [...clientFrame(first & 0x7f, Buffer.from(payload), { isFinal })]
}
const long = (length: readonly number[]): number[] => [0x81, 0x80 | (length.length === 2 ? 126 : 127), ...length]

const [violation, notText, tooBig] = [1002, 1007, 1009]

const cases: readonly (readonly [string, number, readonly number[]])[] = [
  ['a frame without a mask', violation, [0x81, 1, 0x61]],
  ['the first reserved bit', violation, frame(0xc1, [0x61])],
  ['the second reserved bit', violation, frame(0xa1, [0x61])],
  ['the third reserved bit', violation, frame(0x91, [0x61])],
  ['a reserved bit in a ping', violation, frame(0xc9)],
  ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map(
    (kind) => [`a frame of the reserved kind ${kind}`, violation, frame(0x80 | kind)] as const,
  ),
  ['the rest of nothing', violation, frame(0x80, [0x61])],
  ['the rest of what has ended', violation, [...frame(0x01, [0x61]), ...frame(0x80, [0x61]), ...frame(0x80)]],
  ['a message within a message', violation, [...frame(0x01, [0x61]), ...frame(0x01, [0x61])]],
  ['bytes within a text', violation, [...frame(0x01, [0x61]), ...frame(0x82, [0x61])]],
  ['a ping in pieces', violation, frame(0x09)],
  ['a pong in pieces', violation, frame(0x0a)],
  ['a goodbye in pieces', violation, frame(0x08)],
  ['a ping that is too long', violation, [0x89, 0x80 | 126, 0, 126]],
  ['a pong that is much too long', violation, [0x8a, 0x80 | 127, 0, 0, 0, 0, 0, 1, 0, 0]],
  ['a goodbye that is too long', violation, [0x88, 0x80 | 126, 0, 126]],
  ['half a closing code', violation, frame(0x88, [0x03])],
  ...[0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535].map(
    (code) => [`the closing code ${code}`, violation, frame(0x88, [code >> 8, code & 0xff])] as const,
  ),
  ['a text that is no UTF-8', notText, frame(0x81, [0xc3, 0x28])],
  ['a text in pieces that is no UTF-8', notText, [...frame(0x01, [0xe2, 0x82]), ...frame(0x80, [0x28])]],
  ['a text that ends within a character', notText, frame(0x81, [0xe2, 0x82])],
  ['an overlong character', notText, frame(0x81, [0xc0, 0xaf])],
  ['a character beyond Unicode', notText, frame(0x81, [0xf4, 0x90, 0x80, 0x80])],
  ['half a surrogate pair', notText, frame(0x81, [0xed, 0xa0, 0x80])],
  ['a closing reason that is no UTF-8', notText, frame(0x88, [0x03, 0xe8, 0xff])],
  ['more than 4 KiB in pieces', tooBig, [...frame(0x01, [0x61]), 0x80, 0x80 | 126, 0x10, 0x00]],
  ['64 KiB', tooBig, long([0xff, 0xff])],
  ['as much as there can be', tooBig, long([0, 0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])],
  ['more than there can be', tooBig, long([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])],
]

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

  it.each(cases)('%s, with the code for it', async (_, code, bytes) => {
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
