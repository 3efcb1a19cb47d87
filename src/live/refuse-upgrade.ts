import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'

/** Answers a request to upgrade with an error in plain words, and ends the connection. */
export const refuseUpgrade = (
  stream: Duplex,
  status: number,
  sentence: string,
  headers: Readonly<Record<string, string | number>> = {},
): void => {
  // nobody else listens any more once the server has handed the connection over
  stream.on('error', () => stream.destroy())
  stream.once('finish', () => stream.destroy())
  const all = {
    Connection: 'close',
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(sentence),
    ...headers,
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  stream.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${sentence}`)
}
