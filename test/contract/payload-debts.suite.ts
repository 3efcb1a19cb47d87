import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { ApplicationStore } from '../../src/application/application-store.ts'
import type { Application } from '../../src/application/application.ts'
import { cancel } from '../../src/payload/lifecycle.ts'
import type { Debts, OwedDelivery, WebhookEvent } from '../../src/payload/owed-delivery.ts'
import type { Payload } from '../../src/payload/payload.ts'
import {
  maxRefusedSignatures,
  type Change,
  type NewPayload,
  type PayloadStore,
} from '../../src/payload/payload-store.ts'
import { isRefusal, refuse } from '../../src/refusals.ts'
import type { DeliveryStore } from '../../src/webhook/delivery-store.ts'
import type { MovableClock } from '../movable-clock.ts'
import { aPayload } from '../payload-fixture.ts'

/** What the suite needs of an implementation: payloads and deliveries of one database whose clock is `clock`. */
export interface PayloadDebtsFixture {
  readonly payloads: PayloadStore
  readonly deliveries: DeliveryStore
  readonly applications: ApplicationStore
  addApplication(): Promise<string>
  close(): Promise<void>
}

const minute = 60_000

/** The part of `PayloadStore`'s contract that is about webhooks: owed with the change that causes them, or not at all. */
export const payloadDebtsSuite = (clock: MovableClock, openFixture: () => Promise<PayloadDebtsFixture>): void => {
  let fixture: PayloadDebtsFixture
  let payloads: PayloadStore
  let deliveries: DeliveryStore
  let applicationId: string

  beforeAll(async () => {
    fixture = await openFixture()
    payloads = fixture.payloads
    deliveries = fixture.deliveries
  })
  beforeEach(async () => {
    applicationId = await fixture.addApplication()
  })
  afterAll(() => fixture.close())

  const aDelivery = (payload: Payload, event: WebhookEvent, dueAt = clock.time): OwedDelivery => ({
    id: `msg_${randomUUID().replaceAll('-', '')}`,
    applicationId: payload.applicationId,
    payloadId: payload.id,
    event,
    url: 'https://shop.test/hook',
    body: '{}',
    dueAt,
  })
  const create = async (owes: (payload: Payload) => OwedDelivery[], changes: Partial<NewPayload> = {}) => {
    const { request, customMeta } = aPayload()
    const payload = {
      id: randomUUID(),
      applicationId,
      request,
      customMeta,
      pushedTo: null,
      lifetime: minute,
      ...changes,
    }
    return payloads.create(payload, owes)
  }
  /** One whose expiry is owed. */
  const createExpiring = async (): Promise<Payload> => {
    const created = await create((payload) => [aDelivery(payload, 'expired', payload.expiresAt)])
    if (isRefusal(created)) throw new Error(created.refused)
    return created
  }
  const owedFor = async ({ id }: Payload): Promise<WebhookEvent[]> =>
    (await deliveries.list({ payloadId: id, limit: 100 })).map(({ event }) => event).sort()
  const incur = (payload: Payload, debts: Debts) => payloads.change(payload.id, null, () => ({ payload, debts }))
  const forgive = (payload: Payload) => incur(payload, { owed: [], expiryForgiven: true })

  it('keeps what a new payload owes, with the time of its creation', async () => {
    const payload = await createExpiring()
    expect(await deliveries.list({ payloadId: payload.id, limit: 10 })).toMatchObject([
      { event: 'expired', payloadId: payload.id, createdAt: payload.createdAt, dueAt: payload.expiresAt, body: '{}' },
    ])
  })

  it('owes nothing for a payload that was refused', async () => {
    const customMeta = { identifier: 'order-1', blob: null, instruction: null }
    await create(() => [], { customMeta })
    expect(await create((payload) => [aDelivery(payload, 'expired')], { customMeta })).toEqual(
      refuse('identifierTaken'),
    )
    expect(await deliveries.list({ applicationId, limit: 10 })).toEqual([])
  })

  it('writes what a change owes together with the change', async () => {
    const payload = await createExpiring()
    const debts = { owed: [aDelivery(payload, 'cancelled')], expiryForgiven: true }
    await payloads.change(payload.id, null, ({ payload, now }) => ({ ...cancel(payload, now), debts }))
    expect(await owedFor(payload)).toEqual(['cancelled'])
    expect((await payloads.find(payload.id))?.payload.cancelledAt).toBe(clock.time)
  })

  it('owes and forgives nothing when the change is refused or cannot be written', async () => {
    const payload = await createExpiring()
    const twice = aDelivery(payload, 'cancelled')
    const failing = payloads.change(payload.id, null, ({ payload, now }): Change => {
      return { ...cancel(payload, now), debts: { owed: [twice, twice], expiryForgiven: true } }
    })
    await expect(failing).rejects.toThrow()
    await payloads.change(payload.id, null, () => refuse('cancelled'))
    expect(await owedFor(payload)).toEqual(['expired'])
    expect((await payloads.find(payload.id))?.payload).toEqual(payload)
  })

  it('forgives an expiry that is not due yet, and nothing else', async () => {
    const [payload, other] = [await createExpiring(), await createExpiring()]
    await incur(payload, { owed: [aDelivery(payload, 'opened', clock.time + minute)], expiryForgiven: false })
    await forgive(payload)
    expect(await owedFor(payload)).toEqual(['opened'])
    expect(await owedFor(other)).toEqual(['expired'])
  })

  it('forgives no expiry that is due', async () => {
    const payload = await createExpiring()
    clock.time += minute
    await forgive(payload)
    expect(await owedFor(payload)).toEqual(['expired'])
  })

  it('replaces an expiry that is forgiven and owed in one change', async () => {
    const payload = await createExpiring()
    const anew = aDelivery(payload, 'expired', payload.expiresAt)
    await incur(payload, { owed: [anew], expiryForgiven: true })
    expect((await deliveries.list({ payloadId: payload.id, limit: 10 })).map(({ id }) => id)).toEqual([anew.id])
  })

  it('owes a refused signature only where it is kept', async () => {
    const payload = await createExpiring()
    const refusedSignature = { txid: null, account: null, reason: 'templateMismatch', message: 'No.' } as const
    for (let count = 0; count < maxRefusedSignatures + 2; count++) {
      const debts = { owed: [aDelivery(payload, 'refused'), aDelivery(payload, 'opened')], expiryForgiven: true }
      await payloads.change(payload.id, null, () => ({ payload, refusedSignature, debts }))
    }
    const owed = await owedFor(payload)
    expect(owed.filter((event) => event === 'refused')).toHaveLength(maxRefusedSignatures)
    expect(owed.filter((event) => event === 'opened')).toHaveLength(maxRefusedSignatures + 2)
  })

  it('shows the step the application as it is by then', async () => {
    const payload = await createExpiring()
    const settings = { webhookUrl: 'https://new.test/hook', events: ['opened'] } as const
    const updated = await fixture.applications.update(applicationId, settings)
    let seen: Application | null = null
    await payloads.change(payload.id, null, ({ payload, application }) => {
      seen = application
      return { payload }
    })
    expect(seen).toEqual(updated)
    expect(seen).toMatchObject(settings)
  })
}
