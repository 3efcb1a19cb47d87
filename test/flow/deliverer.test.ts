import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { applicationStore } from '../../src/storage/application-store.ts'
import type { Database } from '../../src/storage/database.ts'
import { deliveryStore } from '../../src/storage/delivery-store.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { Deliverer, type DelivererSettings, type EndedAttempt } from '../../src/webhook/deliverer.ts'
import type { ClaimedDelivery, DeliveryStore } from '../../src/webhook/delivery-store.ts'
import { anApplication } from '../application-fixture.ts'
import { movableClock, type MovableClock } from '../movable-clock.ts'

const settings: DelivererSettings = { concurrency: 4, concurrencyPerApplication: 2, lease: 30_000, interval: 60_000 }

let clock: MovableClock
let database: Database
let store: DeliveryStore
let deliverers: Deliverer[]

beforeEach(async () => {
  clock = movableClock()
  database = await openDatabase({ url: 'sqlite::memory:', clock })
  store = deliveryStore(database)
  deliverers = []
})
afterEach(async () => {
  await Promise.all(deliverers.map((deliverer) => deliverer.stop(0)))
  await database.close()
})

const addApplication = async (): Promise<string> => {
  const id = randomUUID()
  await applicationStore(database).create({ ...anApplication(), id }, 'sealed')
  return id
}

const owe = async (applicationId: string, dueAt = clock.time): Promise<string> => {
  const id = `msg_${randomUUID().replaceAll('-', '')}`
  await store.add({ id, applicationId, payloadId: null, event: 'test', url: 'https://shop.test/', body: '{}', dueAt })
  return id
}

const ended = ({ id, attempts, trigger }: ClaimedDelivery): EndedAttempt => ({
  attempt: {
    deliveryId: id,
    number: attempts + 1,
    trigger,
    startedAt: clock.time,
    duration: 1,
    status: 200,
    outcome: 'answered 200',
    succeeded: true,
    response: '',
  },
  next: { state: 'delivered' },
})

/** Receivers that answer when the test says so. */
class Receivers {
  readonly waiting: { delivery: ClaimedDelivery; answer: () => void }[] = []
  readonly begun: string[] = []
  #changed = (): void => undefined

  readonly attempt = (delivery: ClaimedDelivery, signal: AbortSignal): Promise<EndedAttempt | null> => {
    this.begun.push(delivery.id)
    const attempt = new Promise<EndedAttempt | null>((resolve) => {
      this.waiting.push({ delivery, answer: () => resolve(ended(delivery)) })
      signal.addEventListener('abort', () => resolve(null))
    })
    this.#changed()
    return attempt
  }

  /** Resolves once so many attempts have begun. */
  async haveBegun(count: number): Promise<void> {
    while (this.begun.length < count) await new Promise<void>((resolve) => (this.#changed = resolve))
  }

  answerAll(): void {
    for (const { answer } of this.waiting.splice(0)) answer()
  }
}

const start = (attempt: Receivers['attempt'], changes: Partial<DelivererSettings> = {}, its = store): Deliverer => {
  const deliverer = new Deliverer({
    store: its,
    attempt,
    settings: { ...settings, ...changes },
    newId: randomUUID,
    onFault: (fault) => {
      throw fault
    },
  })
  deliverers.push(deliverer)
  return deliverer
}

const stateOf = async (id: string): Promise<string | undefined> => (await store.find(id))?.delivery.state

describe('the deliverer', () => {
  it('attempts what is due, the oldest first, and records it', async () => {
    const shop = await addApplication()
    const late = await owe(shop, clock.time - 1_000)
    const later = await owe(shop, clock.time - 500)
    const future = await owe(shop, clock.time + 1)
    const receivers = new Receivers()
    const deliverer = start(receivers.attempt)
    await receivers.haveBegun(2)
    expect(receivers.begun).toEqual([late, later])
    receivers.answerAll()
    await deliverer.stop(1_000)
    expect([await stateOf(late), await stateOf(later), await stateOf(future)]).toEqual([
      'delivered',
      'delivered',
      'owed',
    ])
  })

  it('is woken for what becomes due meanwhile, without waiting for its clock', async () => {
    const shop = await addApplication()
    const receivers = new Receivers()
    const deliverer = start(receivers.attempt)
    const owed = await owe(shop)
    deliverer.wake()
    await receivers.haveBegun(1)
    expect(receivers.begun).toEqual([owed])
  })

  it('keeps places free for others while one receiver hangs on everything it is owed', async () => {
    const [slow, quick] = [await addApplication(), await addApplication()]
    for (let index = 0; index < 20; index++) await owe(slow, clock.time - 1_000)
    const receivers = new Receivers()
    const deliverer = start(receivers.attempt)
    await receivers.haveBegun(2)
    const owed = await owe(quick)
    deliverer.wake()
    await receivers.haveBegun(3)
    expect(receivers.begun[2]).toBe(owed)
    expect(deliverer.attemptsUnderWay).toBe(3)
  })

  it('shares its places among all who wait, whoever has waited longest', async () => {
    const applications = await Promise.all(Array.from({ length: 4 }, addApplication))
    for (const [index, application] of applications.entries()) {
      for (let count = 0; count < 5; count++) await owe(application, clock.time - 1_000 + index)
    }
    const receivers = new Receivers()
    start(receivers.attempt)
    await receivers.haveBegun(4)
    const served = receivers.waiting.map(({ delivery }) => delivery.applicationId)
    expect(new Set(served)).toEqual(new Set(applications))
  })

  it('goes on with the rest as places become free', async () => {
    const shop = await addApplication()
    const owed = await Promise.all(Array.from({ length: 7 }, () => owe(shop)))
    const receivers = new Receivers()
    const deliverer = start(receivers.attempt)
    for (let served = 0; served < owed.length;) {
      await receivers.haveBegun(Math.min(served + 2, owed.length))
      served = receivers.begun.length
      receivers.answerAll()
    }
    await deliverer.stop(1_000)
    expect(new Set(receivers.begun)).toEqual(new Set(owed))
    expect(receivers.begun).toHaveLength(owed.length)
  })

  it('claims nothing more from the moment it is stopped, not even for those whose turn was next', async () => {
    for (let index = 0; index < 3; index++) await owe(await addApplication())
    const receivers = new Receivers()
    const stopped: Promise<void>[] = []
    const claim: DeliveryStore['claim'] = async (...call) => {
      const claimed = await store.claim(...call)
      stopped.push(deliverer.stop(0))
      return claimed
    }
    const deliverer = start(receivers.attempt, {}, { ...store, claim })
    await receivers.haveBegun(1)
    await Promise.all(stopped)
    expect(receivers.begun).toHaveLength(1)
    expect(await store.listDueApplications()).toHaveLength(3)
  })

  it('gives back what it cannot finish when it is stopped, to be attempted at once by another', async () => {
    const shop = await addApplication()
    const owed = await owe(shop)
    const receivers = new Receivers()
    const deliverer = start(receivers.attempt)
    await receivers.haveBegun(1)
    await deliverer.stop(0)
    const others = new Receivers()
    start(others.attempt)
    await others.haveBegun(1)
    expect(others.waiting[0]!.delivery).toMatchObject({ id: owed, attempts: 0 })
  })

  it('attempts again under the same number what another left behind in a crash, once the lease is over', async () => {
    const shop = await addApplication()
    const owed = await owe(shop)
    await store.claim(shop, 1, randomUUID(), settings.lease)
    const receivers = new Receivers()
    const deliverer = start(receivers.attempt)
    clock.time += settings.lease
    deliverer.wake()
    await receivers.haveBegun(1)
    expect(receivers.waiting[0]!.delivery).toMatchObject({ id: owed, attempts: 0 })
  })
})
