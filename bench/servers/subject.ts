import type { Role } from '../figures.ts'
import type { DialectName } from '../load/dialects.ts'
import type { MeasuredProcess } from './measured-process.ts'

/** A server that can be measured. */
export interface Subject {
  readonly name: string
  readonly role: Role
  /** Null when it can be started here, else what to do about it. */
  readonly missing: string | null
  start(): Promise<RunningServer>
}

export interface RunningServer {
  readonly url: string
  /** Where and how its sockets are had. */
  readonly target: { readonly port: number; readonly dialect: DialectName }
  readonly port: number
  readonly process: MeasuredProcess
  stop(): Promise<void>
}

export const runningServer = (
  process: MeasuredProcess,
  url: string,
  { dialect = 'plain', cleanUp }: { readonly dialect?: DialectName; readonly cleanUp?: () => void } = {},
): RunningServer => {
  const port = Number(new URL(url).port)
  return {
    url,
    port,
    target: { port, dialect },
    process,
    stop: async () => {
      await process.stop()
      cleanUp?.()
    },
  }
}

/** What every floor, and Socket.IO and Bun, say when they listen. */
export const listening = /listening on (http:\S+)\n/
