import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ApplicationStore } from '../../src/application/application-store.ts'
import type { OwedDelivery } from '../../src/payload/owed-delivery.ts'
import type { PayloadStore } from '../../src/payload/payload-store.ts'
import type { Attempt } from '../../src/webhook/delivery.ts'
import type { AfterAttempt, ClaimedDelivery, DeliveryStore } from '../../src/webhook/delivery-store.ts'
import type { MovableClock } from '../movable-clock.ts'
import { aPayload } from '../payload-fixture.ts'

/** What the suite needs of an implementation: an empty store whose clock is `clock`, and owners for deliveries. */
export interface DeliveryStoreFixture {
  readonly deliveries: DeliveryStore
  readonly applications: ApplicationStore
  readonly payloads: PayloadStore
  addApplication(): Promise<string>
  /** The same database through connections of its own, as another node has them. */
  openAnother(): Promise<DeliveryStore>
  removeDeliveries(): Promise<void>
  close(): Promise<void>
}

const lease = 60_000

/** The contract of `DeliveryStore`, for every implementation. */
export const deliveryStoreSuite = (clock: MovableClock, openFixture: () => Promise<DeliveryStoreFixture>): void => {
  let fixture: DeliveryStoreFixture
  let deliveries: DeliveryStore
  let applicationId: string

  beforeAll(async () => {
    fixture = await openFixture()
    deliveries = fixture.deliveries
  })
  beforeEach(async () => {
    await fixture.removeDeliveries()
    applicationId = await fixture.addApplication()
  })
  afterAll(() => fixture.close())

  const owe = async (changes: Partial<OwedDelivery> = {}): Promise<OwedDelivery> => {
    const delivery: OwedDelivery = {
      id: `msg_${randomUUID().replaceAll('-', '')}`,
      applicationId,
      payloadId: null,
      event: 'resolved',
      url: 'https://shop.test/hook',
      body: '{"text":"ü \\u0000 €"}',
      dueAt: clock.time,
      ...changes,
    }
    await deliveries.add(delivery)
    return delivery
  }
  /** Each due later than the one before. */
  const oweMany = (count: number): Promise<OwedDelivery[]> =>
    Promise.all(Array.from({ length: count }, (_, index) => owe({ dueAt: clock.time - count + index })))
  const claim = (by: string = randomUUID(), limit = 100) => deliveries.claim(applicationId, limit, by, lease)
  const claimOne = async (by: string = randomUUID()): Promise<ClaimedDelivery> => {
    const [claimed, ...others] = await claim(by)
    if (claimed === undefined || others.length > 0) throw new Error('not one delivery is due')
    return claimed
  }
  /** Claims the only delivery that is due, and records an attempt of it. */
  const attempt = async (next: AfterAttempt, changes: Partial<Attempt> = {}): Promise<Attempt> => {
    const by = randomUUID()
    const ended = { ...attemptOf(await claimOne(by)), ...changes }
    expect(await deliveries.record(by, ended, next)).toBe(true)
    return ended
  }
  const attemptOf = ({ id, attempts, trigger }: ClaimedDelivery): Attempt => ({
    deliveryId: id,
    number: attempts + 1,
    trigger,
    startedAt: clock.time,
    duration: 12,
    status: 500,
    outcome: 'answered 500',
    succeeded: false,
    response: 'no',
  })
  const fail = () => attempt({ state: 'failed' })
  const idsOf = (some: readonly { readonly id: string }[]): string[] => some.map(({ id }) => id)

  describe('what is owed', () => {
    it('is kept as it was given, and found by its id', async () => {
      const delivery = await owe()
      expect(await deliveries.find(delivery.id)).toEqual({
        delivery: { ...delivery, state: 'owed', createdAt: clock.time, attempts: 0 },
        attempts: [],
      })
      expect(await deliveries.find('msg_unknown')).toBeNull()
    })

    it('is there for whoever opens the database later, and so is every attempt', async () => {
      const delivered = await owe()
      await attempt({ state: 'delivered' }, { status: 200, outcome: 'answered 200', succeeded: true })
      const owed = await owe()
      const another = await fixture.openAnother()
      expect(await another.find(delivered.id)).toEqual(await deliveries.find(delivered.id))
      expect(idsOf(await another.claim(applicationId, 10, randomUUID(), lease))).toEqual([owed.id])
    })
  })

  describe('a claim', () => {
    it('takes what is due, the oldest due first, and no more than asked for', async () => {
      await owe({ dueAt: clock.time + 1 })
      await owe({ applicationId: await fixture.addApplication() })
      const [first, second, third] = await oweMany(3)
      expect(idsOf(await claim(randomUUID(), 2))).toEqual([first!.id, second!.id])
      expect(idsOf(await claim())).toEqual([third!.id])
    })

    it('keeps others away until its lease ends', async () => {
      const { id } = await owe()
      const claimed = await claimOne()
      expect(claimed).toMatchObject({ id, state: 'owed', dueAt: clock.time + lease, attempts: 0, attemptsThisRound: 0 })
      clock.time += lease - 1
      expect(await claim()).toEqual([])
      clock.time += 1
      expect(idsOf(await claim())).toEqual([id])
    })

    it('may record after its lease ended, as long as nobody else claimed since', async () => {
      const { id } = await owe()
      const by = randomUUID()
      const claimed = await claimOne(by)
      clock.time += 2 * lease
      expect(await deliveries.record(by, attemptOf(claimed), { state: 'delivered' })).toBe(true)
      expect((await deliveries.find(id))?.delivery.state).toBe('delivered')
    })

    it('records nothing once the lease was lost to another', async () => {
      const { id } = await owe()
      const [slow, quick] = [randomUUID(), randomUUID()]
      const claimed = await claimOne(slow)
      clock.time += lease
      await claimOne(quick)
      const before = await deliveries.find(id)
      expect(await deliveries.record(slow, attemptOf(claimed), { state: 'delivered' })).toBe(false)
      expect(await deliveries.find(id)).toEqual(before)
      expect(await deliveries.record(quick, attemptOf(claimed), { state: 'failed' })).toBe(true)
      expect(await deliveries.record(quick, attemptOf(claimed), { state: 'failed' })).toBe(false)
    })

    it('that is released leaves everything as it was before', async () => {
      const [first, second] = await oweMany(2)
      const [one, other] = [randomUUID(), randomUUID()]
      await claim(one)
      await deliveries.release(other, [first!.id])
      expect(await claim()).toEqual([])
      await deliveries.release(one, [first!.id, second!.id])
      await deliveries.release(one, [])
      const again = await claim()
      expect(again).toMatchObject([
        { id: first!.id, attempts: 0 },
        { id: second!.id, attempts: 0 },
      ])
    })

    it('goes to one of many at once', async () => {
      await oweMany(30)
      const stores = [deliveries, await fixture.openAnother()]
      const claims = await Promise.all(
        Array.from({ length: 8 }, (_, index) => stores[index % 2]!.claim(applicationId, 7, randomUUID(), lease)),
      )
      const taken = idsOf(claims.flat())
      expect(new Set(taken).size).toBe(taken.length)
      expect(taken.length + (await claim()).length).toBe(30)
    })

    it('by two stores never overlaps over 2,000 deliveries', async () => {
      await oweMany(2_000)
      const stores = [deliveries, await fixture.openAnother()]
      const workOff = async (store: DeliveryStore): Promise<string[]> => {
        const taken: string[] = []
        for (;;) {
          const by = randomUUID()
          const claimed = await store.claim(applicationId, 20, by, lease)
          if (claimed.length === 0) return taken
          taken.push(...idsOf(claimed))
          const recorded = await Promise.all(
            claimed.map((one) => store.record(by, attemptOf(one), { state: 'delivered' })),
          )
          expect(recorded).not.toContain(false)
        }
      }
      const taken = (await Promise.all([...stores, ...stores].map(workOff))).flat()
      expect(taken).toHaveLength(2_000)
      expect(new Set(taken).size).toBe(2_000)
      expect(await deliveries.backlog()).toEqual({ due: 0, oldestAge: null })
    })
  })

  describe('an attempt', () => {
    it('is kept with what follows from it', async () => {
      const { id } = await owe()
      const first = await attempt({ state: 'owed', wait: 10_000 })
      expect(await deliveries.find(id)).toMatchObject({
        delivery: { state: 'owed', dueAt: clock.time + 10_000, attempts: 1 },
        attempts: [first],
      })
      clock.time += 10_000
      const silent = { status: null, outcome: 'the connection was refused', response: null }
      const second = await attempt({ state: 'failed' }, silent)
      expect(second.number).toBe(2)
      const found = await deliveries.find(id)
      expect(found).toMatchObject({ delivery: { state: 'failed', dueAt: null, attempts: 2 } })
      expect(found?.attempts).toEqual([first, second])
      expect(await claim()).toEqual([])
    })

    it('that a crash interrupted leaves its number to the next', async () => {
      await owe()
      await claimOne()
      clock.time += lease
      expect(await claimOne()).toMatchObject({ attempts: 0, attemptsThisRound: 0 })
    })

    it('may have an answer that no database stores as it is', async () => {
      const { id } = await owe()
      await attempt({ state: 'delivered' }, { response: 'a\0b\ud800', outcome: 'said \0' })
      const [kept] = (await deliveries.find(id))!.attempts
      expect(kept).toMatchObject({ response: 'a\ufffdb\ufffd', outcome: 'said \ufffd' })
    })

    it('is forgotten after a time, a bounded number at once, the oldest first; its delivery stays', async () => {
      const { id } = await owe()
      for (let count = 0; count < 4; count++) {
        await attempt({ state: 'owed', wait: 1_000 })
        clock.time += 1_000
      }
      expect(await deliveries.forgetAttempts(2_000, 1)).toBe(1)
      expect(await deliveries.forgetAttempts(2_000, 10)).toBe(1)
      expect(await deliveries.forgetAttempts(2_000, 10)).toBe(0)
      const found = await deliveries.find(id)
      expect(found?.attempts.map(({ number }) => number)).toEqual([3, 4])
      expect((await claimOne()).attempts).toBe(4)
    })
  })

  describe('applications that are due', () => {
    it('are listed once each, the longest due first, without those whose deliveries are not due or under way', async () => {
      const [one, other, later, busy] = await Promise.all(Array.from({ length: 4 }, () => fixture.addApplication()))
      await owe({ applicationId: later!, dueAt: clock.time + 1 })
      await owe({ applicationId: busy! })
      await deliveries.claim(busy!, 10, randomUUID(), lease)
      for (const dueAt of [clock.time - 5, clock.time, clock.time + 5]) await owe({ applicationId: one!, dueAt })
      for (const dueAt of [clock.time - 9, clock.time - 1]) await owe({ applicationId: other!, dueAt })
      expect(await deliveries.listDueApplications()).toEqual([
        { applicationId: other, dueAt: clock.time - 9 },
        { applicationId: one, dueAt: clock.time - 5 },
      ])
    })

    it('are none when nothing is owed', async () => {
      expect(await deliveries.listDueApplications()).toEqual([])
      await owe()
      await fail()
      expect(await deliveries.listDueApplications()).toEqual([])
    })
  })

  it('tells when something is due next, leases included', async () => {
    expect(await deliveries.nextDueAt()).toEqual({ dueAt: null, now: clock.time })
    await owe({ applicationId: await fixture.addApplication(), dueAt: clock.time + 2 * lease })
    await owe()
    expect(await deliveries.nextDueAt()).toEqual({ dueAt: clock.time, now: clock.time })
    await claimOne()
    expect(await deliveries.nextDueAt()).toEqual({ dueAt: clock.time + lease, now: clock.time })
  })

  it('measures the backlog: what is due, and since when the oldest undelivered is', async () => {
    expect(await deliveries.backlog()).toEqual({ due: 0, oldestAge: null })
    await owe({ dueAt: clock.time + 60_000 })
    expect(await deliveries.backlog()).toEqual({ due: 0, oldestAge: null })
    await oweMany(3)
    expect(await deliveries.backlog()).toEqual({ due: 3, oldestAge: 3 })
    const by = randomUUID()
    const [oldest] = await deliveries.claim(applicationId, 1, by, lease)
    await deliveries.record(by, attemptOf(oldest!), { state: 'owed', wait: 10_000 })
    clock.time += 1_000
    // one that waits for another attempt is not due, and still not delivered
    expect(await deliveries.backlog()).toEqual({ due: 2, oldestAge: 1_003 })
  })

  describe('the list', () => {
    it('has the newest first, page by page', async () => {
      const made: string[] = []
      for (let index = 0; index < 7; index++) {
        // some of the same moment
        if (index % 3 === 0) clock.time += 1_000
        made.push((await owe()).id)
      }
      const whole = idsOf(await deliveries.list({ limit: 100 }))
      expect([...whole].sort()).toEqual([...made].sort())
      expect(whole.slice(0, 1)).toEqual([made[6]])
      expect(whole.slice(4).sort()).toEqual(made.slice(0, 3).sort())
      const pages: string[] = []
      for (;;) {
        const before = pages.at(-1)
        const page = await deliveries.list({ limit: 2, ...(before !== undefined && { before }) })
        if (page.length === 0) break
        expect(page.length).toBeLessThanOrEqual(2)
        pages.push(...idsOf(page))
      }
      expect(pages).toEqual(whole)
      expect(await deliveries.list({ limit: 2, before: 'msg_unknown' })).toEqual([])
    })

    it('is narrowed by application, payload and state', async () => {
      const { request, customMeta } = aPayload()
      const payloadId = randomUUID()
      const owner = await fixture.addApplication()
      const payload = { id: payloadId, applicationId: owner, request, customMeta, pushedTo: null, lifetime: 60_000 }
      await fixture.payloads.create(payload, () => [])
      const failed = await owe()
      await fail()
      const owed = await owe()
      const theirs = await owe({ applicationId: owner, payloadId })
      const listed = async (filter: Parameters<DeliveryStore['list']>[0]) => idsOf(await deliveries.list(filter)).sort()
      expect(await listed({ limit: 10, applicationId })).toEqual([failed.id, owed.id].sort())
      expect(await listed({ limit: 10, state: 'failed' })).toEqual([failed.id])
      expect(await listed({ limit: 10, state: 'owed' })).toEqual([owed.id, theirs.id].sort())
      expect(await listed({ limit: 10, payloadId })).toEqual([theirs.id])
      expect(await listed({ limit: 10, payloadId, applicationId })).toEqual([])
    })
  })

  describe('a redelivery', () => {
    it('keeps id and body and begins a new round, whose attempts are numbered on', async () => {
      const { id, body } = await owe()
      await attempt({ state: 'owed', wait: 10_000 })
      clock.time += 10_000
      await fail()
      clock.time += 5_000
      expect(await deliveries.redeliver(id)).toBe(true)
      const by = randomUUID()
      const claimed = await claimOne(by)
      expect(claimed).toMatchObject({ id, body, trigger: 'manual', attempts: 2, attemptsThisRound: 0 })
      await deliveries.record(by, attemptOf(claimed), { state: 'owed', wait: 10_000 })
      clock.time += 10_000
      expect(await claimOne()).toMatchObject({ trigger: 'scheduled', attempts: 3, attemptsThisRound: 1 })
      const found = await deliveries.find(id)
      expect(found?.attempts.map(({ number, trigger }) => [number, trigger])).toEqual([
        [1, 'scheduled'],
        [2, 'scheduled'],
        [3, 'manual'],
      ])
    })

    it('goes to where the application wants it by now', async () => {
      const resolved = await owe({ url: 'https://old.test/hook' })
      await fail()
      const opened = await owe({ url: 'https://old.test/events', event: 'opened' })
      await fail()
      const tested = await owe({ url: 'https://old.test/test', event: 'test' })
      await fail()
      const redelivered = async ({ id }: OwedDelivery) => {
        expect(await deliveries.redeliver(id)).toBe(true)
        return (await deliveries.find(id))?.delivery.url
      }
      await fixture.applications.update(applicationId, { webhookUrl: 'https://new.test/hook' })
      expect(await redelivered(resolved)).toBe('https://new.test/hook')
      // it has no URL for events any more
      expect(await redelivered(opened)).toBe('https://old.test/events')
      expect(await redelivered(tested)).toBe('https://old.test/test')
    })

    it('of what was delivered is possible, too', async () => {
      const { id } = await owe()
      await attempt({ state: 'delivered' })
      expect(await deliveries.redeliver(id)).toBe(true)
      expect((await deliveries.find(id))?.delivery).toMatchObject({ state: 'owed', dueAt: clock.time })
    })

    it('of what waits for its next attempt makes it due at once', async () => {
      const { id } = await owe()
      await attempt({ state: 'owed', wait: 10_000 })
      expect(await claim()).toEqual([])
      expect(await deliveries.redeliver(id)).toBe(true)
      expect(await claimOne()).toMatchObject({ id, attemptsThisRound: 0 })
    })

    it('is refused while there is nothing to repeat', async () => {
      expect(await deliveries.redeliver('msg_unknown')).toBe(false)
      const { id: later } = await owe({ event: 'expired', dueAt: clock.time + 60_000 })
      expect(await deliveries.redeliver(later)).toBe(false)
      const { id } = await owe()
      await claimOne()
      expect(await deliveries.redeliver(id)).toBe(false)
      expect(await claim()).toEqual([])
    })

    it('of what failed since a time takes all of it, of one application or of all', async () => {
      const early = await owe()
      await fail()
      clock.time += 1_000
      const since = clock.time
      const late = await owe()
      await fail()
      const delivered = await owe()
      await attempt({ state: 'delivered' })
      expect(await deliveries.redeliverFailed(since, await fixture.addApplication())).toBe(0)
      expect(await deliveries.redeliverFailed(since, applicationId)).toBe(1)
      expect(await claimOne()).toMatchObject({ id: late.id, trigger: 'manual' })
      expect(await deliveries.redeliverFailed(0, null)).toBe(1)
      expect(await claimOne()).toMatchObject({ id: early.id })
      expect((await deliveries.find(delivered.id))?.delivery.state).toBe('delivered')
    })

    it('of what failed is begun once by many who ask at once', async () => {
      await oweMany(20)
      const by = randomUUID()
      for (const one of await claim(by)) await deliveries.record(by, attemptOf(one), { state: 'failed' })
      const another = await fixture.openAnother()
      const begun = await Promise.all(
        [deliveries, another, deliveries].map((store) => store.redeliverFailed(0, applicationId)),
      )
      expect(begun.reduce((sum, count) => sum + count, 0)).toBe(20)
    })
  })
}
