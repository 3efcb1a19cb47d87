import { once } from 'node:events'
import { connect } from 'node:net'

/** A request of which the server has read the head, and waits for the rest. */
export interface BegunRequest {
  /** Sends the rest; resolves with the status and the body of the answer. The connection stays open. */
  finish(): Promise<{ readonly status: number; readonly body: any }>
  /** The server has ended the connection. */
  readonly ended: Promise<void>
}

/** Sends the head of a POST of JSON by hand, and resolves when the server says that it wants to read on. */
export const beginRequest = async (
  url: string,
  headers: Readonly<Record<string, string>>,
  json: string,
): Promise<BegunRequest> => {
  const { hostname, port, pathname } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.setEncoding('utf8').on('error', () => undefined)
  const ended = once(socket, 'close').then(() => undefined)
  const all = {
    host: 'localhost',
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(json)),
    expect: '100-continue',
    ...headers,
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.write(`POST ${pathname} HTTP/1.1\r\n${lines.join('')}\r\n`)
  await once(socket, 'data')
  return {
    ended,
    finish: async () => {
      socket.write(json)
      let answer = ''
      while (!/\r\n\r\n.*\}$/s.test(answer)) answer += ((await once(socket, 'data')) as [string])[0]
      return { status: Number(answer.split(' ')[1]), body: JSON.parse(answer.split('\r\n\r\n')[1]!) }
    },
  }
}
