import { join } from 'node:path'
import { nodeCommand, startMeasured } from './measured-process.ts'
import { listening, runningServer, type Subject } from './subject.ts'

/** A file of `floors/`, as a subject. */
export const floor = (name: string, script: string, environment: Readonly<Record<string, string>> = {}): Subject => ({
  name,
  role: 'floor',
  missing: null,
  start: async () => {
    const command = nodeCommand(join(import.meta.dirname, '../floors', script))
    const process = await startMeasured({ command, environment, ready: listening, collects: true })
    return runningServer(process, process.said[1]!)
  },
})

export const bareWs = (keepaliveSeconds = 15): Subject =>
  floor('bare ws', 'sockets.ts', { KEEPALIVE_SECONDS: `${keepaliveSeconds}` })

/** The same with a ping beside each message, as ours sends one to notice who is gone. */
export const bareWsWithPings = (keepaliveSeconds = 15): Subject =>
  floor('bare ws, with pings', 'sockets.ts', { KEEPALIVE_SECONDS: `${keepaliveSeconds}`, KEEPALIVE_PINGS: '1' })
