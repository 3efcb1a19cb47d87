import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** What a server answered to a request to upgrade. */
export interface UpgradeAnswer {
  readonly status: number
  /** Lower-case names. */
  readonly headers: ReadonlyMap<string, string>
  readonly body: string
  /** Still open after 101; it answers no ping and no closing handshake, and reads only when told to. */
  readonly socket: Socket
}

/**
 * Asks for an upgrade by hand, without what a WebSocket client does by itself.
 *
 * @param impatient what it sends at once, without waiting for the answer
 */
export const askForUpgrade = async (
  port: number,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  impatient: Buffer = Buffer.alloc(0),
): Promise<UpgradeAnswer> => {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  const all = {
    Host: 'localhost',
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Key': Buffer.alloc(16).toString('base64'),
    'Sec-WebSocket-Version': '13',
    ...headers,
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.write(Buffer.concat([Buffer.from(`GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`), impatient]))
  let answer = ''
  while (!answer.includes('\r\n\r\n')) {
    const [chunk] = (await once(socket, 'data')) as [Buffer]
    answer += chunk.toString('latin1')
  }
  const [head, ...rest] = answer.split('\r\n\r\n')
  const [statusLine, ...headerLines] = head!.split('\r\n')
  return {
    status: Number(statusLine!.split(' ')[1]),
    headers: new Map(
      headerLines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]),
    ),
    body: rest.join('\r\n\r\n'),
    socket,
  }
}
