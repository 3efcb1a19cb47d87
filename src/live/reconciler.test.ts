import { describe, expect, it } from 'vitest'
import { FakeTime } from '../../test/fake-time.ts'
import { DatabaseClock } from '../clock.ts'
import type { Outline } from '../payload/facts.ts'
import type { ChangePosition } from '../payload/payload-store.ts'
import { Reconciler } from './reconciler.ts'

const outline = (payloadId: string): Outline => ({
  payloadId,
  opened: true,
  preSigned: false,
  resolved: false,
  expiry: 0,
})

/** A reconciler over a store that counts positions, and what it asked and had repaired. */
const aReconciler = (topics: readonly string[] = []) => {
  const time = new FakeTime()
  const clock = new DatabaseClock(time)
  const known = new Set(topics)
  const asked: (ChangePosition | null)[] = []
  const outlined: string[][] = []
  const repaired: string[] = []
  const world = { changed: [] as string[], fault: null as Error | null }
  const reconciler = new Reconciler({
    hub: {
      repair: async (outlines) => {
        if (world.fault !== null) throw world.fault
        repaired.push(...outlines.map(({ payloadId }) => payloadId))
      },
      topicIds: () => known.keys(),
      get topicCount() {
        return known.size
      },
    },
    store: {
      readChanges: async (since) => {
        asked.push(since)
        const until = `position ${asked.length}` as ChangePosition
        return { changed: world.changed.map(outline), until, now: time.now() + 700 }
      },
      readOutlines: async (ids) => {
        outlined.push([...ids])
        return ids.map(outline)
      },
    },
    clock,
    timers: time,
    interval: 1_000,
  })
  return { reconciler, time, clock, known, asked, outlined, repaired, world }
}

const ids = (count: number): string[] => Array.from({ length: count }, (_, index) => `payload ${index}`)

describe('reconciliation', () => {
  it('begins with all topics, and goes on from the position it read last', async () => {
    const { reconciler, asked, outlined, repaired, world } = aReconciler(['a', 'b'])
    await reconciler.run()
    expect(outlined).toEqual([['a', 'b']])
    world.changed = ['c']
    await reconciler.run()
    expect(asked).toEqual([null, 'position 1'])
    expect(repaired.slice(2)).toEqual(['c', 'a'])
  })

  it('reads all topics again after a gap, in bounded batches, and once only', async () => {
    const { reconciler, outlined } = aReconciler(ids(2_500))
    await reconciler.run()
    outlined.length = 0
    reconciler.noticeGap()
    await reconciler.run()
    expect(outlined.map(({ length }) => length)).toEqual([1_000, 1_000, 500])
    outlined.length = 0
    await reconciler.run()
    expect(outlined.map(({ length }) => length)).toEqual([42])
  })

  it('reads all topics again after a run that failed, and after a long pause', async () => {
    const { reconciler, asked, world, time } = aReconciler(['a'])
    await reconciler.run()
    world.fault = new Error('the database is away')
    await expect(reconciler.run()).rejects.toThrow('away')
    world.fault = null
    await reconciler.run()
    time.pass(30_001)
    await reconciler.run()
    await reconciler.run()
    expect(asked).toEqual([null, 'position 1', null, null, 'position 4'])
  })

  it('takes notice of a gap that comes during a run with the next one', async () => {
    const { reconciler, asked } = aReconciler(['a'])
    const run = reconciler.run()
    reconciler.noticeGap()
    await run
    await reconciler.run()
    expect(asked).toEqual([null, null])
  })

  it('reads every topic once a minute, whatever comes and goes meanwhile', async () => {
    const { reconciler, known, outlined } = aReconciler(ids(500))
    await reconciler.run()
    outlined.length = 0
    for (let second = 0; second < 60; second++) {
      known.delete(`payload ${second}`)
      known.add(`newcomer ${second}`)
      await reconciler.run()
    }
    const read = new Set(outlined.flat())
    expect([...known].filter((id) => !read.has(id) && !id.startsWith('newcomer'))).toEqual([])
    expect(Math.max(...outlined.map(({ length }) => length))).toBe(9)
  })

  it("learns the database's time, and tells how old what it knows is", async () => {
    const { reconciler, clock, time } = aReconciler()
    await reconciler.run()
    expect(clock.offset).toBe(700)
    time.pass(2_000)
    expect(reconciler.age).toBe(2_000)
  })
})
