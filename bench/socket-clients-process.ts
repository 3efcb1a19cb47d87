import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { inParallel } from './requests.ts'

/** Subscribers that do no more than they must, in a process of their own. */
export type ClientsTask =
  | { readonly open: number; readonly port: number }
  | { readonly ping: number; readonly everySeconds: number; readonly seconds: number }

const text = '{"ping":true}'
/** Masked with zeros, which leave it as it is. */
const ping = Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)])
const answerLength = 2 + '{"message":"Right back at you!"}'.length

const sockets: Socket[] = []
let received = 0

const open = async (port: number): Promise<void> => {
  // one address has some 28,000 ports
  const localAddress = `127.0.0.${2 + (sockets.length % 8)}`
  const socket = connect({ port, host: '127.0.0.1', localAddress, noDelay: true })
  sockets.push(socket)
  socket.write(
    `GET /sign/${randomUUID()} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      `Sec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}\r\nSec-WebSocket-Version: 13\r\n\r\n`,
  )
  let heard = ''
  while (!heard.includes('Welcome')) heard += String((await once(socket, 'data'))[0])
  socket.on('data', (chunk: Buffer) => (received += chunk.length))
}

/** Sends them evenly; resolves with how many were answered. */
const pingAll = async (clients: number, everySeconds: number, seconds: number): Promise<number> => {
  received = 0
  const perMillisecond = clients / everySeconds / 1000
  const begin = performance.now()
  let sent = 0
  while (performance.now() - begin < seconds * 1000) {
    for (const due = (performance.now() - begin) * perMillisecond; sent < due; sent++)
      sockets[sent % clients]!.write(ping)
    await setTimeout(1)
  }
  while (received < sent * answerLength) await setTimeout(10)
  return received / answerLength
}

const perform = async (task: ClientsTask): Promise<number> => {
  if ('ping' in task) return pingAll(task.ping, task.everySeconds, task.seconds)
  await inParallel(task.open - sockets.length, 100, () => open(task.port))
  return sockets.length
}

process.on('message', (task: ClientsTask) => void perform(task).then((result) => process.send!(result)))
// no port waits for the last packets of a connection that is reset
process.on('disconnect', () => {
  for (const socket of sockets) socket.resetAndDestroy()
  process.exit()
})
