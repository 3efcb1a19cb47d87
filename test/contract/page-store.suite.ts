import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { PageStore } from '../../src/live/page-presence.ts'
import type { MovableClock } from '../movable-clock.ts'

/** What the suite needs of an implementation: an empty store whose clock is `clock`, and payloads to have pages of. */
export interface PageStoreFixture {
  readonly pages: PageStore
  addPayload(): Promise<string>
  close(): Promise<void>
}

/** The contract of `PageStore`, for every implementation. */
export const pageStoreSuite = (clock: MovableClock, openFixture: () => Promise<PageStoreFixture>): void => {
  let fixture: PageStoreFixture
  let pages: PageStore
  const [here, there] = [randomUUID(), randomUUID()]
  const lease = 30_000

  beforeAll(async () => {
    fixture = await openFixture()
    pages = fixture.pages
  })
  afterAll(() => fixture.close())

  it('has a page while a node says so, and for the lease after it said so last', async () => {
    const id = await fixture.addPayload()
    expect(await pages.isPresent(id)).toBe(false)
    await pages.write(here, [id], [], lease)
    clock.time += lease - 1
    expect(await pages.isPresent(id)).toBe(true)
    await pages.write(here, [id], [], lease)
    clock.time += lease - 1
    expect(await pages.isPresent(id)).toBe(true)
    clock.time += 1
    expect(await pages.isPresent(id)).toBe(false)
  })

  it('has a page until the last node that had one says that it is gone', async () => {
    const [id, other] = [await fixture.addPayload(), await fixture.addPayload()]
    await pages.write(here, [id, other], [], lease)
    await pages.write(there, [id], [], lease)
    await pages.write(here, [other], [id], lease)
    expect(await pages.isPresent(id)).toBe(true)
    await pages.write(there, [], [id], lease)
    expect(await Promise.all([id, other].map((one) => pages.isPresent(one)))).toEqual([false, true])
  })

  it('forgets what nodes that are gone have left, and nothing else', async () => {
    const [dead, alive] = [await fixture.addPayload(), await fixture.addPayload()]
    await pages.write(there, [dead], [], lease)
    clock.time += lease
    await pages.write(here, [alive], [], lease)
    await pages.sweep()
    clock.time -= lease
    expect(await Promise.all([dead, alive].map((one) => pages.isPresent(one)))).toEqual([false, true])
    clock.time += lease
  })
}
