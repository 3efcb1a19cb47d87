import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Deliverer, type DelivererDependencies, type EndedAttempt } from '../../src/webhook/deliverer.ts'
import type { ClaimedDelivery, DeliveryStore } from '../../src/webhook/delivery-store.ts'
import { openStored } from '../contract/stored.ts'
import { databases } from '../databases.ts'
import { movableClock } from '../movable-clock.ts'

const settings = { concurrency: 40, concurrencyPerApplication: 10, lease: 30_000, interval: 20 }
const applications = 8
const deliveriesPerApplication = 250

/** Who attempts what just now, over both nodes. */
class Attempts {
  readonly underWay = new Map<string, Node>()
  overlaps = 0
  ended = 0

  async make(delivery: ClaimedDelivery, by: Node): Promise<EndedAttempt> {
    if (this.underWay.has(delivery.id)) this.overlaps += 1
    this.underWay.set(delivery.id, by)
    await new Promise((resume) => setImmediate(resume))
    this.underWay.delete(delivery.id)
    this.ended += 1
    const { id, attempts, trigger } = delivery
    const outcome = { status: 200, outcome: 'answered 200', succeeded: true, response: '' }
    const attempt = { deliveryId: id, number: attempts + 1, trigger, startedAt: 0, duration: 1, ...outcome }
    return { attempt, next: { state: 'delivered' } }
  }
}

/** A node that a test can end in the middle of everything: from then on nothing it waits for ever answers. */
class Node {
  readonly deliverer: Deliverer
  readonly #attempts: Attempts
  #killed = false

  constructor(store: DeliveryStore, attempts: Attempts) {
    this.#attempts = attempts
    const whileAlive =
      <Call extends unknown[], T>(work: (...call: Call) => Promise<T>) =>
      (...call: Call): Promise<T> =>
        this.#killed ? new Promise(() => undefined) : work(...call)
    const dependencies: DelivererDependencies = {
      store: {
        listDueApplications: whileAlive(() => store.listDueApplications()),
        claim: whileAlive((...call) => store.claim(...call)),
        record: whileAlive((...call) => store.record(...call)),
        release: whileAlive((...call) => store.release(...call)),
      },
      attempt: whileAlive((delivery) => this.#attempts.make(delivery, this)),
      settings,
      newId: randomUUID,
      onFault: (fault) => {
        throw fault
      },
    }
    this.deliverer = new Deliverer(dependencies)
  }

  /** @returns how many deliveries it held */
  kill(): number {
    this.#killed = true
    void this.deliverer.stop(0)
    for (const [id, by] of this.#attempts.underWay) if (by === this) this.#attempts.underWay.delete(id)
    return this.deliverer.attemptsUnderWay
  }
}

const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await condition())) await new Promise((resume) => setImmediate(resume))
}

describe.each(databases)('two nodes that deliver from one database, on $name', (kind) => {
  const clock = movableClock()
  let stored: Awaited<ReturnType<typeof openStored>>
  beforeEach(async () => {
    stored = await openStored(kind, clock)
  })
  afterEach(() => stored.close())

  it('never attempt the same at the same time, and one finishes what the other was killed over', async () => {
    const ids: string[] = []
    for (let index = 0; index < applications; index++) {
      const applicationId = await stored.addApplication()
      const added = Array.from({ length: deliveriesPerApplication }, async () => {
        const id = `msg_${randomUUID().replaceAll('-', '')}`
        ids.push(id)
        const to = { applicationId, payloadId: null, event: 'test' as const, url: 'https://shop.test/', body: '{}' }
        await stored.deliveries.add({ id, ...to, dueAt: clock.time })
      })
      await Promise.all(added)
    }

    const attempts = new Attempts()
    const doomed = new Node(stored.deliveries, attempts)
    const survivor = new Node(await stored.openAnother(), attempts)
    await until(() => attempts.ended > ids.length / 4)
    const held = doomed.kill()
    // all but what the dead one holds
    await until(async () => (await stored.deliveries.listDueApplications()).length === 0)
    await until(() => survivor.deliverer.attemptsUnderWay === 0)
    clock.time += settings.lease
    survivor.deliverer.wake()
    await until(async () => (await stored.deliveries.nextDueAt()).dueAt === null)
    await survivor.deliverer.stop(1_000)

    expect(held).toBeGreaterThan(0)
    expect(attempts.overlaps).toBe(0)
    const states = await Promise.all(ids.map(async (id) => (await stored.deliveries.find(id))?.delivery.state))
    expect(states.filter((state) => state === 'delivered')).toHaveLength(ids.length)
  })
})
