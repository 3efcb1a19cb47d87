import fc from 'fast-check'
import { expect, it } from 'vitest'
import { anApplication } from '../../test/application-fixture.ts'
import { aContext, anActor, aPayload, aSignature, signingDetails } from '../../test/payload-fixture.ts'
import { applicationEvents } from '../application/application.ts'
import {
  beginResolving,
  cancel,
  dispatchOf,
  open,
  recordDispatch,
  recordLedgerAnswer,
  reject,
  sign,
  startSigning,
  type Actor,
} from '../payload/lifecycle.ts'
import type { Debts, OwedDelivery } from '../payload/owed-delivery.ts'
import type { Payload } from '../payload/payload.ts'
import type { Change } from '../payload/payload-store.ts'
import { isRefusal, type Refusal } from '../refusals.ts'
import { owedWebhooks } from './owed-webhooks.ts'

/** What wallets, the application and the clock may do to a payload, in any order, as often as they like. */
const steps = {
  open: (payload: Payload, actor: Actor, now: number) => change(open(payload, actor, now)),
  preSign: (payload: Payload, actor: Actor, now: number) => change(startSigning(payload, actor, now)),
  sign: (payload: Payload, actor: Actor, now: number) =>
    change(sign(payload, actor, aSignature, signingDetails, aContext, now)),
  reject: (payload: Payload, actor: Actor, now: number) =>
    change(reject(payload, actor, { initiator: null, reason: null }, aContext, now)),
  report: (payload: Payload, actor: Actor, now: number) =>
    change(recordDispatch(payload, actor, { to: null, nodeType: null, result: 'tesSUCCESS' }, now)),
  ledgerAnswer: (payload: Payload, _actor: Actor, now: number) =>
    change(recordLedgerAnswer(payload, { to: 'wss://node.test', nodeType: null, result: 'tecPATH_DRY' }, now)),
  refusedSignature: (payload: Payload, actor: Actor, now: number) => {
    const begun = beginResolving(payload, actor, now)
    const refusedSignature = { txid: null, account: null, reason: 'templateMismatch', message: 'No.' } as const
    return isRefusal(begun) ? begun : { payload: begun, refusedSignature }
  },
  cancel: (payload: Payload, _actor: Actor, now: number) => change(cancel(payload, now).payload),
}

const change = (next: Payload | Refusal): Change | Refusal => (isRefusal(next) ? next : { payload: next })

const actors = ['ann', 'bob'].flatMap((name) => (['QR', 'DEEP_LINK'] as const).map((origin) => anActor(name, origin)))

const life = fc.array(
  fc.record({
    wait: fc.oneof({ weight: 3, arbitrary: fc.nat(5_000) }, fc.nat(90_000)),
    step: fc.constantFrom(...(Object.keys(steps) as (keyof typeof steps)[])),
    actor: fc.constantFrom(...actors),
  }),
  { maxLength: 12 },
)

const application = anApplication({
  webhookUrl: 'https://shop.test/hook',
  eventsUrl: 'https://shop.test/events',
  events: [...applicationEvents],
})

/** The rows of one payload, as the store keeps them. */
class Outbox {
  deliveries: OwedDelivery[] = []
  apply({ owed, expiryForgiven }: Debts, now: number): void {
    if (expiryForgiven) this.deliveries = this.deliveries.filter((one) => one.event !== 'expired' || one.dueAt <= now)
    this.deliveries.push(...owed)
  }
  of(event: OwedDelivery['event']): OwedDelivery[] {
    return this.deliveries.filter((delivery) => delivery.event === event)
  }
}

it('owes one resolution for each that happened, and each event once, whatever happens to a payload', () => {
  fc.assert(
    fc.property(life, fc.boolean(), (happenings, submit) => {
      let ids = 0
      const webhooks = owedWebhooks(() => `${ids++}`)
      let payload = aPayload({ request: { ...aPayload().request, submit } })
      let now = 0
      let refused = 0
      const dispatches = new Set<string>()
      const outbox = new Outbox()
      outbox.apply({ owed: webhooks.owedByCreation(payload, application), expiryForgiven: false }, now)
      for (const { wait, step, actor } of happenings) {
        now += wait
        const next = steps[step](payload, actor, now)
        if (isRefusal(next)) continue
        outbox.apply(webhooks.owedByChange(payload, next, application, now), now)
        if (next.refusedSignature !== undefined) refused += 1
        payload = next.payload
        const dispatch = dispatchOf(payload)
        if (dispatch !== null) dispatches.add(JSON.stringify(dispatch))
      }

      const { outcome, cancelledAt, opens, expiresAt } = payload
      const endedAt = outcome?.at ?? cancelledAt ?? Infinity
      expect(outbox.of('resolved')).toHaveLength(outcome === null ? 0 : 1)
      expect(outbox.of('opened')).toHaveLength(opens.length === 0 ? 0 : 1)
      expect(outbox.of('cancelled')).toHaveLength(cancelledAt === null ? 0 : 1)
      expect(outbox.of('dispatched')).toHaveLength(dispatches.size)
      expect(outbox.of('refused')).toHaveLength(refused)
      // the wallet's claim, and what a ledger node says after it
      expect(dispatches.size).toBeLessThanOrEqual(2)
      // an expiry is owed exactly where nothing ended the payload before
      const expired = outbox.of('expired')
      expect(expired).toHaveLength(endedAt < expiresAt ? 0 : 1)
      expect(expired.every(({ dueAt }) => dueAt === expiresAt)).toBe(true)

      expect(new Set(outbox.deliveries.map(({ id }) => id)).size).toBe(outbox.deliveries.length)
      for (const { event, body, url } of outbox.deliveries) {
        const { meta, payloadResponse } = JSON.parse(body) as {
          meta: Record<string, unknown>
          payloadResponse?: object
        }
        expect(url).toBe(event === 'resolved' ? application.webhookUrl : application.eventsUrl)
        expect(meta['event']).toBe(event === 'resolved' ? undefined : event)
        expect(payloadResponse !== undefined).toBe(event === 'resolved' || event === 'dispatched')
        if (event === 'expired' || event === 'resolved') {
          const origin = event === 'resolved' ? outcome?.origin : opens[0]?.origin
          expect(meta['opened_by_deeplink']).toBe(origin === 'DEEP_LINK')
        }
      }
    }),
    { numRuns: 1_000 },
  )
})
