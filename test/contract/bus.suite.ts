import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Bus, Hint } from '../../src/live/bus.ts'
import type { Facts } from '../../src/payload/facts.ts'
import { outlineOf } from '../facts-store.ts'
import { aHub, someFacts } from '../live-hub.ts'
import { UnreliableBus } from '../unreliable-bus.ts'

/** Several nodes on one bus, and the way to end them. */
export interface BusNodes {
  readonly nodes: Bus[]
  close(): Promise<void>
}

const opened = someFacts({ opened: true })
const wholeFacts = (payloadId: string): Facts =>
  someFacts({
    opened: true,
    preSigned: true,
    dispatched: true,
    resolved: {
      payload_uuidv4: payloadId,
      reference_call_uuidv4: randomUUID(),
      signed: true,
      user_token: true,
      opened_by_deeplink: false,
      return_url: { app: null, web: 'https://shop.test/?id=1' },
      txid: 'AB',
      custom_meta: { identifier: 'Auftrag ü 🖋', blob: { nested: [1, 'two', null, { deep: true }] }, instruction: null },
    },
    expiry: 1_234_567_890_123,
  })

/** Keeps what it hears, and can be waited for. */
class Hearing {
  readonly hints: Hint[] = []
  #check: () => void = () => undefined

  readonly listener = (hint: Hint): void => {
    this.hints.push(hint)
    this.#check()
  }

  until(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.#check = () => this.hints.length >= count && resolve()
      this.#check()
    })
  }
}

/** What every bus owes while nothing fails, and what subscribers owe however much fails. */
export const busContract = (name: string, start: (nodes: number) => Promise<BusNodes>): void => {
  describe(`${name} as a bus`, () => {
    let running: BusNodes
    let here: Bus
    let there: Bus
    const id = randomUUID()

    beforeEach(async () => {
      running = await start(2)
      ;[here, there] = running.nodes as [Bus, Bus]
    })
    afterEach(() => running.close())

    it('brings what is published after joining to every node, the publishing one included', async () => {
      const hearings = [new Hearing(), new Hearing()]
      await here.join(id, hearings[0]!.listener)
      await there.join(id, hearings[1]!.listener)
      const hints: Hint[] = [
        { kind: 'facts', facts: wholeFacts(id) },
        { kind: 'devappFetched', callId: randomUUID() },
      ]
      for (const hint of hints) here.publish(id, hint)
      for (const hearing of hearings) {
        await hearing.until(2)
        expect(hearing.hints).toEqual(hints)
      }
    })

    it('keeps payloads apart, and tells nothing of one that was left', async () => {
      const [mine, other] = [new Hearing(), new Hearing()]
      const otherId = randomUUID()
      await here.join(id, mine.listener)
      await here.join(otherId, other.listener)
      there.publish(id, { kind: 'facts', facts: opened })
      await mine.until(1)
      await here.leave(id)
      there.publish(id, { kind: 'facts', facts: wholeFacts(id) })
      there.publish(otherId, { kind: 'facts', facts: opened })
      await other.until(1)
      expect([mine.hints.length, other.hints.length]).toEqual([1, 1])
    })

    it('can be joined again after leaving', async () => {
      const [before, after] = [new Hearing(), new Hearing()]
      await here.join(id, before.listener)
      await here.leave(id)
      await here.join(id, after.listener)
      there.publish(id, { kind: 'facts', facts: opened })
      await after.until(1)
      expect(before.hints).toEqual([])
    })

    it('is healthy, and publishing throws nothing even once it is closed', async () => {
      expect(here.isHealthy()).toBe(true)
      await here.close()
      here.publish(id, { kind: 'facts', facts: opened })
    })

    it('lets subscribers know everything once and in order, whatever is dropped, repeated, delayed or overtaken', async () => {
      const fate = fc.record({ which: fc.nat(), becomes: fc.constantFrom('deliver', 'repeat', 'drop') } as const)
      await fc.assert(
        fc.asyncProperty(fc.array(fate, { maxLength: 12 }), async (fates) => {
          const payloadId = randomUUID()
          const resolved = { ...wholeFacts(payloadId), expiry: someFacts().expiry }
          const stages: Facts[] = [opened, someFacts({ opened: true, preSigned: true }), resolved]
          const unreliable = new UnreliableBus(there)
          const node = aHub({ bus: unreliable })
          node.facts.set(payloadId, someFacts())
          const socket = node.connect(payloadId)
          while (socket.told.length < 2) await new Promise((resolve) => setImmediate(resolve))
          for (const facts of stages) here.publish(payloadId, { kind: 'facts', facts })
          while (unreliable.kept < stages.length) await new Promise((resolve) => setImmediate(resolve))
          for (const { which, becomes } of fates) {
            if (unreliable.kept > 0) unreliable[becomes](which % unreliable.kept)
          }
          node.facts.set(payloadId, stages.at(-1)!)
          await node.hub.repair([outlineOf(payloadId, stages.at(-1)!)])
          expect(socket.told.slice(2)).toEqual([
            { opened: true },
            { pre_signed: true },
            { dispatched: true },
            resolved.resolved,
          ])
          await there.leave(payloadId)
        }),
        { numRuns: 50 },
      )
    })
  })
}
