import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expiryOf } from '../../src/payload/expiry.ts'
import { cancel, open, recordDispatch, reject, sign, startSigning } from '../../src/payload/lifecycle.ts'
import type { Payload } from '../../src/payload/payload.ts'
import type { ChangePosition, Current, PayloadStore } from '../../src/payload/payload-store.ts'
import { isRefusal, type Refusal } from '../../src/refusals.ts'
import type { MovableClock } from '../movable-clock.ts'
import { aContext, anActor, aPayload, aSignature, signingDetails } from '../payload-fixture.ts'
import type { PayloadStoreFixture } from './payload-store.suite.ts'

/** How nodes find what others changed: the part of the contract of `PayloadStore` that reconciliation rests on. */
export const payloadChangesSuite = (clock: MovableClock, openFixture: () => Promise<PayloadStoreFixture>): void => {
  let fixture: PayloadStoreFixture
  let payloads: PayloadStore
  let applicationId: string

  beforeAll(async () => {
    fixture = await openFixture()
    payloads = fixture.payloads
    applicationId = await fixture.addApplication()
  })
  afterAll(() => fixture.close())

  const { request, customMeta } = aPayload()
  const create = async (): Promise<Payload> => {
    const created = await payloads.create(
      { id: randomUUID(), applicationId, request, customMeta, pushedTo: null, lifetime: 60_000 },
      () => [],
    )
    if (isRefusal(created)) throw new Error(created.refused)
    return created
  }
  const change = async (id: string, step: (current: Current) => Payload | Refusal): Promise<void> => {
    const changed = await payloads.change(id, null, (current) => {
      const payload = step(current)
      return isRefusal(payload) ? payload : { payload }
    })
    if (changed === null || isRefusal(changed)) throw new Error('the change was refused')
  }
  const now = async (): Promise<ChangePosition> => (await payloads.readChanges(null)).until
  const changedSince = async (position: ChangePosition): Promise<string[]> =>
    (await payloads.readChanges(position)).changed.map(({ payloadId }) => payloadId)
  const alice = anActor('alice')
  const opening = ({ payload, now }: Current) => open(payload, alice, now)

  describe('what changed since a position', () => {
    it('is nothing from the beginning, and nothing while nothing changes', async () => {
      await change((await create()).id, opening)
      const first = await payloads.readChanges(null)
      expect(first).toMatchObject({ changed: [], now: clock.time })
      expect(await changedSince(first.until)).toEqual([])
    })

    it('is each change that subscribers are told of, and no other', async () => {
      const { id } = await create()
      const steps: [string, (current: Current) => Payload | Refusal, boolean][] = [
        ['open', opening, true],
        ['open again, which starts signing', ({ payload, now }) => open(payload, alice, now), true],
        ['start signing again', ({ payload, now }) => startSigning(payload, alice, now), false],
        ['open by another', ({ payload, now }) => open(payload, anActor('bob'), now), false],
        ['sign', ({ payload, now }) => sign(payload, alice, aSignature, signingDetails, aContext, now), true],
        [
          'report',
          ({ payload, now }) => recordDispatch(payload, alice, { to: null, nodeType: null, result: null }, now),
          false,
        ],
      ]
      for (const [what, step, told] of steps) {
        const position = await now()
        await change(id, step)
        expect([what, await changedSince(position)]).toEqual([what, told ? [id] : []])
      }
    })

    it('is told from any position before it, until one that has seen it', async () => {
      const [first, second] = [await create(), await create()]
      const before = await now()
      await change(first.id, opening)
      const between = await now()
      await change(second.id, opening)
      const after = await now()
      expect((await changedSince(before)).toSorted()).toEqual([first.id, second.id].toSorted())
      expect(await changedSince(between)).toEqual([second.id])
      expect(await changedSince(after)).toEqual([])
    })

    it('misses none of those that are made at once, while it is asked again and again', async () => {
      const created = await Promise.all(Array.from({ length: 60 }, create))
      let position = await now()
      const seen = new Set<string>()
      const look = async (): Promise<void> => {
        const { changed, until } = await payloads.readChanges(position)
        for (const { payloadId } of changed) seen.add(payloadId)
        position = until
        // the reads of SQLite alone would leave the writes no turn
        await new Promise((resume) => setImmediate(resume))
      }
      let underWay = created.length
      const changes = created.map(({ id }) => change(id, opening).finally(() => underWay--))
      while (underWay > 0) await look()
      await Promise.all(changes)
      await look()
      expect(created.filter(({ id }) => !seen.has(id))).toEqual([])
    })
  })

  describe('outlines', () => {
    it('say which facts there are, of those that exist', async () => {
      const [fresh, opened, preSigned, rejected, cancelled] = [
        await create(),
        await create(),
        await create(),
        await create(),
        await create(),
      ]
      await change(opened.id, opening)
      await change(preSigned.id, ({ payload, now }) => startSigning(payload, alice, now))
      const why = { initiator: 'USER', reason: null } as const
      await change(rejected.id, ({ payload, now }) => reject(payload, alice, why, aContext, now))
      clock.time += 1_000
      await change(cancelled.id, ({ payload, now }) => cancel(payload, now).payload)
      const ids = [fresh, opened, preSigned, rejected, cancelled].map(({ id }) => id)
      const read = new Map((await payloads.readOutlines([...ids, randomUUID()])).map((one) => [one.payloadId, one]))
      const nothing = { opened: false, preSigned: false, resolved: false, expiry: expiryOf(fresh) }
      expect([...read.keys()].toSorted()).toEqual(ids.toSorted())
      expect(ids.map((id) => read.get(id))).toEqual([
        { payloadId: fresh.id, ...nothing },
        { payloadId: opened.id, ...nothing, opened: true },
        { payloadId: preSigned.id, ...nothing, opened: true, preSigned: true },
        { payloadId: rejected.id, ...nothing, opened: true, preSigned: false, resolved: true },
        { payloadId: cancelled.id, ...nothing, expiry: clock.time },
      ])
    })

    it('are those of all facts, one read for any number of them', async () => {
      const created = await Promise.all(Array.from({ length: 20 }, create))
      const ids = created.map(({ id }) => id)
      const [outlines, facts] = await Promise.all([payloads.readOutlines(ids), payloads.readFacts(ids)])
      expect(outlines).toHaveLength(20)
      expect(facts.map(({ payloadId }) => payloadId).toSorted()).toEqual(ids.toSorted())
      expect(await payloads.readOutlines([])).toEqual([])
      expect(await payloads.readFacts([])).toEqual([])
    })
  })
}
