import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CountersignReady } from './countersign-process.ts'
import { line } from './figures.ts'
import type { FloorReady } from './floor-process.ts'
import { startMeasured, type MeasuredProcess } from './measured-process.ts'
import { createPayloads, payment } from './payloads.ts'
import { inParallel } from './requests.ts'

const count = 8_000

/** What one subscriber costs the server's process while nothing happens: each has a payload of its own. */
export const measureIdleSockets = async (): Promise<string[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-bench-'))
  const environment = {
    DATABASE_URL: `sqlite:${join(folder, 'bench.db')}`,
    // longer than the measurement takes: these clients answer no ping
    KEEPALIVE_SECONDS: '60',
  }
  const start = () => startMeasured<CountersignReady>('countersign-process.ts', environment)
  const creating = await start()
  const ids = await createPayloads(creating.ready, payment, count)
  await creating.stop()
  // another process: what the creates left behind in the first would hide what sockets take
  const ours = await measure(await start(), ids)
  rmSync(folder, { recursive: true })
  const floor = await measure(await startMeasured<FloorReady>('floor-process.ts'), ids)
  const kib = (bytes: number): string => `${(bytes / 1024).toFixed(1)} KiB`
  return [line(`one idle socket of ${count}`, kib(ours), kib(floor), ours / floor)]
}

const measure = async (target: MeasuredProcess<{ url: string }>, ids: readonly string[]): Promise<number> => {
  const { port } = new URL(target.ready.url)
  const sockets: Socket[] = []
  const open = async (id: string): Promise<void> => void sockets.push(await openSocket(Number(port), id))
  // the first ones pay for what is compiled and allocated once
  const first = ids.slice(0, ids.length / 10)
  const rest = ids.slice(first.length)
  await inParallel(first.length, 100, (index) => open(first[index]!))
  const before = await target.residentBytes()
  await inParallel(rest.length, 100, (index) => open(rest[index]!))
  const after = await target.residentBytes()
  for (const socket of sockets) socket.destroy()
  await target.stop()
  return (after - before) / rest.length
}

/** Resolves once the server has said its first words. */
const openSocket = async (port: number, id: string): Promise<Socket> => {
  const socket = connect(port, '127.0.0.1')
  const key = Buffer.alloc(16, id).toString('base64')
  socket.write(
    `GET /sign/${id} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      `Sec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n\r\n`,
  )
  let heard = ''
  while (!heard.includes('Welcome')) heard += String((await once(socket, 'data'))[0])
  return socket
}
