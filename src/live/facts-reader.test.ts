import { describe, expect, it } from 'vitest'
import { FakeTime } from '../../test/fake-time.ts'
import { settle, someFacts } from '../../test/live-hub.ts'
import { DatabaseClock } from '../clock.ts'
import { DatabaseUnavailable } from '../database-unavailable.ts'
import type { ReadFacts } from '../payload/payload-store.ts'
import { FactsReader } from './facts-reader.ts'
import { noStats } from './live-stats.ts'

/** A reader whose reads are answered by the test. */
const aReader = () => {
  const time = new FakeTime()
  const clock = new DatabaseClock(time)
  const stats = noStats()
  const asked: { ids: readonly string[]; answer: (found: ReadFacts[]) => void; fail: (fault: Error) => void }[] = []
  const reader = new FactsReader({
    readFacts: (ids) => new Promise((answer, fail) => asked.push({ ids, answer, fail })),
    clock,
    timers: time,
    stats,
  })
  return { reader, asked, time, clock, stats }
}

const found = (ids: readonly string[], now = 0): ReadFacts[] =>
  ids.map((payloadId) => ({ payloadId, facts: someFacts(), now }))

const ids = (count: number): string[] => Array.from({ length: count }, (_, index) => `payload ${index}`)

describe('a reader of facts', () => {
  it('reads together what is asked for in one breath', async () => {
    const { reader, asked, stats } = aReader()
    const answers = ['a', 'b', 'a', 'gone'].map((id) => reader.read(id))
    await settle()
    expect(asked.map(({ ids }) => ids)).toEqual([['a', 'b', 'gone']])
    asked[0]!.answer(found(['a', 'b']))
    expect(await Promise.all(answers)).toEqual([someFacts(), someFacts(), someFacts(), null])
    expect(stats).toMatchObject({ reads: 1, payloadsRead: 3 })
  })

  it('gathers while reads are under way, and bounds how many and how large they are', async () => {
    const { reader, asked, stats } = aReader()
    for (const id of ids(10_000)) {
      void reader.read(id)
      await Promise.resolve()
    }
    let underWay = 0
    let answered = 0
    while (answered < asked.length) {
      underWay = Math.max(underWay, asked.length - answered)
      asked[answered]!.answer(found(asked[answered]!.ids))
      answered++
      await settle()
    }
    expect(stats).toMatchObject({ reads: 22, payloadsRead: 10_000 })
    expect(underWay).toBe(2)
    expect(Math.max(...asked.map(({ ids }) => ids.length))).toBe(500)
  })

  it('bounds how often it reads, and keeps nobody waiting for long', async () => {
    const { reader, asked, time, stats } = aReader()
    let answered = 0
    const answer = async (): Promise<void> => {
      await settle()
      for (; answered < asked.length; answered++) asked[answered]!.answer(found(asked[answered]!.ids))
      await settle()
    }
    // one every millisecond for ten seconds, each answered at once
    for (const id of ids(10_000)) {
      void reader.read(id)
      await answer()
      time.pass(1)
    }
    time.pass(10)
    await answer()
    expect(stats.payloadsRead).toBe(10_000)
    expect(stats.reads).toBeLessThanOrEqual(200 + 100 * 10 + 1)
    expect(Math.max(...asked.slice(250).map(({ ids }) => ids.length))).toBe(10)
  })

  it('answers from a read that began after it was asked', async () => {
    const { reader, asked } = aReader()
    void reader.read('a')
    await settle()
    void reader.read('a')
    await settle()
    expect(asked).toHaveLength(2)
  })

  it("learns the database's time", async () => {
    const { reader, asked, time, clock } = aReader()
    void reader.read('a')
    await settle()
    time.pass(10)
    asked[0]!.answer(found(['a'], 5_000))
    await settle()
    expect(clock.now()).toBe(5_000)
  })

  it('tells everyone who asked of a database that cannot be used, and asks it once', async () => {
    const { reader, asked } = aReader()
    const answers = Promise.allSettled(['a', 'b'].map((id) => reader.read(id)))
    await settle()
    asked[0]!.fail(new DatabaseUnavailable('away'))
    expect((await answers).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(asked).toHaveLength(1)
  })

  it('reads each alone when a read fails for another reason, so that one payload does not fail the others', async () => {
    const { reader, asked } = aReader()
    const answers = Promise.allSettled(['good', 'bad'].map((id) => reader.read(id)))
    await settle()
    asked[0]!.fail(new Error('a row that cannot be read'))
    await settle()
    asked[1]!.answer(found(['good']))
    await settle()
    asked[2]!.fail(new Error('a row that cannot be read'))
    expect((await answers).map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
    expect(asked.map(({ ids }) => ids)).toEqual([['good', 'bad'], ['good'], ['bad']])
  })
})
