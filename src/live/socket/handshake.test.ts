import type { IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { handshakeAnswer, whyNoHandshake } from './handshake.ts'

/** The example of RFC 6455, section 1.3, with these changes. */
const asking = (changes: Readonly<Record<string, string | undefined>> = {}, line: object = {}): IncomingMessage =>
  ({
    method: 'GET',
    httpVersion: '1.1',
    headers: {
      host: 'server.example.com',
      upgrade: 'websocket',
      connection: 'Upgrade',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      'sec-websocket-version': '13',
      ...changes,
    },
    ...line,
  }) as unknown as IncomingMessage

describe('an opening handshake', () => {
  it('is answered as the RFC says, without what else was offered', () => {
    const offers = { 'sec-websocket-protocol': 'chat', 'sec-websocket-extensions': 'permessage-deflate' }
    expect(whyNoHandshake(asking(offers))).toBe(null)
    expect(handshakeAnswer(asking(offers)).split('\r\n')).toEqual([
      'HTTP/1.1 101 Switching Protocols',
      'Upgrade: websocket',
      'Connection: Upgrade',
      'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
      '',
      '',
    ])
  })

  it.each([{ connection: 'keep-alive, Upgrade' }, { connection: 'UPGRADE' }, { upgrade: 'WebSocket' }])(
    'may be spelt %j',
    (headers) => {
      expect(whyNoHandshake(asking(headers))).toBe(null)
    },
  )

  it.each([
    ['no Host', { host: undefined }],
    ['no Upgrade', { upgrade: undefined }],
    ['another protocol', { upgrade: 'h2c' }],
    ['a protocol that only begins alike', { upgrade: 'websocket2' }],
    ['no Connection', { connection: undefined }],
    ['another Connection', { connection: 'keep-alive' }],
    ['no key', { 'sec-websocket-key': undefined }],
    ['a key of 15 bytes', { 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25j' }],
    ['a key of 17 bytes', { 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZTE=' }],
    ['a key that is no base64', { 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25j!Q==' }],
    // Node joins headers that come twice
    ['two keys', { 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==, dGhlIHNhbXBsZSBub25jZQ==' }],
  ])('with %s is refused with 400', (_, headers) => {
    expect(whyNoHandshake(asking(headers))?.status).toBe(400)
  })

  it('of HTTP/1.0 is refused with 400', () => {
    expect(whyNoHandshake(asking({}, { httpVersion: '1.0' }))?.status).toBe(400)
  })

  it('by another method is refused with 405', () => {
    expect(whyNoHandshake(asking({}, { method: 'POST' }))).toMatchObject({ status: 405, headers: { Allow: 'GET' } })
  })

  it.each([undefined, '', '7', '8', '14', '13, 8'])(
    'of version %s is refused with 426 and the version served',
    (version) => {
      expect(whyNoHandshake(asking({ 'sec-websocket-version': version }))).toMatchObject({
        status: 426,
        headers: { Upgrade: 'websocket', 'Sec-WebSocket-Version': '13' },
      })
    },
  )
})
