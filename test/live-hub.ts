import { DatabaseClock } from '../src/clock.ts'
import type { Bus } from '../src/live/bus.ts'
import { Hub } from '../src/live/hub.ts'
import { defaultLiveSettings, type LiveSettings } from '../src/live/live-settings.ts'
import { MemoryBus } from '../src/live/memory-bus.ts'
import { factsOf, type Facts } from '../src/payload/facts.ts'
import { factsStore, readFrom, type ReadOne } from './facts-store.ts'
import { FakeSocket } from './fake-socket.ts'
import { FakeTime } from './fake-time.ts'
import { aPayload } from './payload-fixture.ts'

/** A hub whose time passes when the test says so, on facts that the test sets. */
export interface HubRig {
  readonly hub: Hub
  readonly time: FakeTime
  readonly clock: DatabaseClock
  /** What the database would say of each payload. */
  readonly facts: Map<string, Facts>
  readonly faults: unknown[]
  readonly connect: (payloadId: string, address?: string) => FakeSocket
}

export interface HubRigOptions {
  readonly settings?: Partial<LiveSettings>
  readonly bus?: Bus
  readonly onPage?: (payloadId: string) => void
  /** What a read answers instead. */
  readonly readFacts?: ReadOne
}

export const aHub = (options: HubRigOptions = {}): HubRig => {
  const time = new FakeTime()
  const clock = new DatabaseClock(time)
  const facts = new Map<string, Facts>()
  const faults: unknown[] = []
  const hub = new Hub({
    settings: { ...defaultLiveSettings, ...options.settings },
    bus: options.bus ?? new MemoryBus(),
    clock,
    timers: time,
    readFacts: factsStore(options.readFacts ?? readFrom(facts, time)).readFacts,
    onFault: (error) => faults.push(error),
    onPage: options.onPage ?? (() => undefined),
  })
  return {
    hub,
    time,
    clock,
    facts,
    faults,
    connect: (payloadId, address = 'an address') => {
      const socket = new FakeSocket()
      hub.subscribe(socket, payloadId, address)
      return socket
    },
  }
}

/** Every promise that can go on without time passing has gone on. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Facts of a payload that nobody opened, open until `expiry`. */
export const someFacts = (changes: Partial<Facts> = {}): Facts => ({ ...factsOf(aPayload()), ...changes })
