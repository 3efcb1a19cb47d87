import type { Clock, Milliseconds } from '../src/clock.ts'
import type { Facts, Outline } from '../src/payload/facts.ts'
import type { ChangePosition, PayloadStore } from '../src/payload/payload-store.ts'

/** What the database says of one payload; null when there is none. */
export type ReadOne = (id: string) => Promise<{ facts: Facts; now: Milliseconds } | null>

export const readFrom =
  (facts: ReadonlyMap<string, Facts>, clock: Clock): ReadOne =>
  async (id) => {
    const known = facts.get(id)
    return known === undefined ? null : { facts: known, now: clock.now() }
  }

export const outlineOf = (payloadId: string, { opened, preSigned, resolved, expiry }: Facts): Outline => ({
  payloadId,
  opened,
  preSigned,
  resolved: resolved !== null,
  expiry,
})

/** The part of a payload store that the live side reads, over whatever `readOne` says. */
export const factsStore = (readOne: ReadOne): Pick<PayloadStore, 'readFacts' | 'readOutlines' | 'readChanges'> => {
  const readFacts: PayloadStore['readFacts'] = async (ids) => {
    const read = await Promise.all(ids.map(async (payloadId) => ({ payloadId, found: await readOne(payloadId) })))
    return read.flatMap(({ payloadId, found }) => (found === null ? [] : [{ payloadId, ...found }]))
  }
  return {
    readFacts,
    readOutlines: async (ids) => (await readFacts(ids)).map(({ payloadId, facts }) => outlineOf(payloadId, facts)),
    readChanges: () => Promise.resolve({ changed: [], until: '' as ChangePosition, now: 0 }),
  }
}
