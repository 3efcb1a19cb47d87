import { hash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** Why a request is no opening handshake of RFC 6455, section 4.2.1. */
export interface BrokenHandshake {
  readonly status: 400 | 405 | 426
  readonly sentence: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Sixteen bytes in base64. What the bits beyond them say is nobody's business. */
const keyForm = /^[+/0-9A-Za-z]{22}==$/

/** @returns what is wrong with it; null for what can be answered with `handshakeAnswer` */
export const whyNoHandshake = (request: IncomingMessage): BrokenHandshake | null => {
  const { headers, method, httpVersion } = request
  if (method !== 'GET') return { status: 405, sentence: 'An upgrade is asked for by GET.', headers: { Allow: 'GET' } }
  if (httpVersion !== '1.1') return broken('An upgrade takes HTTP/1.1.')
  if (headers.host === undefined) return broken('The request has no Host header.')
  if (!hasToken(headers.upgrade, 'websocket')) return broken('The Upgrade header must name websocket.')
  if (!hasToken(headers.connection, 'upgrade')) return broken('The Connection header must name Upgrade.')
  if (!keyForm.test(headers['sec-websocket-key'] ?? '')) {
    return broken('The Sec-WebSocket-Key header must be 16 bytes in base64.')
  }
  if (headers['sec-websocket-version'] !== '13') {
    const served = { Upgrade: 'websocket', 'Sec-WebSocket-Version': '13' }
    return { status: 426, sentence: 'The version of the WebSocket protocol must be 13.', headers: served }
  }
  return null
}

const broken = (sentence: string): BrokenHandshake => ({ status: 400, sentence })

const hasToken = (header: string | undefined, token: string): boolean =>
  header?.split(',').some((one) => one.trim().toLowerCase() === token) ?? false

/** Of RFC 6455, section 1.3. */
const protocolId = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

/** Accepts no extension and no subprotocol, whatever was offered. */
export const handshakeAnswer = (request: IncomingMessage): string => {
  const accept = hash('sha1', `${request.headers['sec-websocket-key']}${protocolId}`, 'base64')
  return (
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
    `Sec-WebSocket-Accept: ${accept}\r\n\r\n`
  )
}
