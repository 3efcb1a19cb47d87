import fc from 'fast-check'
import { expect, it } from 'vitest'
import { aContext, anActor, aPayload, aSignature, signingDetails } from '../../test/payload-fixture.ts'
import { isRefusal, type Refusal } from '../refusals.ts'
import { expiryOf, isExpired } from './expiry.ts'
import { factsOf, joinFacts, newAnnouncements, type Facts } from './facts.ts'
import { cancel, open, recordDispatch, reject, sign, startSigning, type Actor } from './lifecycle.ts'
import type { Payload } from './payload.ts'

/**
 * What must be true whatever several wallets, the application and the clock do, in any order. The model knows only what
 * CONTRACT says: who opened in time, who resolved, whether it was cancelled.
 */
interface Model {
  now: number
  readonly openedInTime: Set<string>
  resolvedBy: string | null
  signed: boolean
  cancelled: boolean
}
interface Real {
  payload: Payload
  /** What a subscriber from the first moment was told. */
  told: string[]
}
type Command = fc.Command<Model, Real>

const lifetime = 60_000

const advance = (real: Real, next: Payload | Refusal): boolean => {
  if (isRefusal(next)) return false
  const before = factsOf(real.payload)
  const after = factsOf(next)
  expectGrowth(before, after)
  // one resolution at most, and never undone
  if (real.payload.outcome !== null) expect(next.outcome).toBe(real.payload.outcome)
  real.told.push(...newAnnouncements(before, after))
  real.payload = next
  return true
}

const expectGrowth = (before: Facts, after: Facts): void => {
  expect(joinFacts(before, after)).toEqual(after)
}

const mayStillOpen = (model: Model): boolean => model.now < lifetime && !model.cancelled

class Tick implements Command {
  readonly by: number
  constructor(by: number) {
    this.by = by
  }
  check = () => true
  run(model: Model): void {
    model.now += this.by
  }
  toString = () => `clock +${this.by} ms`
}

class WalletActs implements Command {
  readonly actor: Actor
  readonly kind: 'open' | 'preSign' | 'sign' | 'reject' | 'report'
  constructor(actor: Actor, kind: WalletActs['kind']) {
    this.actor = actor
    this.kind = kind
  }
  check = () => true
  run(model: Model, real: Real): void {
    const { actor, kind } = this
    const allowed = model.openedInTime.has(actor.userId) || mayStillOpen(model)
    const first = real.payload.opens.length === 0
    const done = advance(real, this.next(real.payload, model.now))
    if (kind === 'report') {
      // a report never opens what somebody else has opened
      expect(done).toBe(model.openedInTime.has(actor.userId) || (mayStillOpen(model) && first))
      if (done) model.openedInTime.add(actor.userId)
      return
    }
    // nobody acts after expiry who did not open before it, and nobody at all once it is resolved
    expect(done).toBe(allowed && model.resolvedBy === null)
    if (!done) return
    model.openedInTime.add(actor.userId)
    if (kind === 'sign' || kind === 'reject') model.resolvedBy = actor.userId
    if (kind === 'sign') model.signed = true
  }
  next(payload: Payload, now: number): Payload | Refusal {
    switch (this.kind) {
      case 'open':
        return open(payload, this.actor, now)
      case 'preSign':
        return startSigning(payload, this.actor, now)
      case 'sign':
        return sign(payload, this.actor, aSignature, signingDetails, aContext, now)
      case 'reject':
        return reject(payload, this.actor, { initiator: 'USER', reason: null }, aContext, now)
      case 'report':
        return recordDispatch(payload, this.actor, { to: null, nodeType: null, result: 'tesSUCCESS' }, now)
    }
  }
  toString = () => `${this.actor.deviceId} (${this.actor.origin}): ${this.kind}`
}

class Cancel implements Command {
  check = () => true
  run(model: Model, real: Real): void {
    const { payload, reason } = cancel(real.payload, model.now)
    const expected = model.cancelled
      ? 'ALREADY_CANCELLED'
      : model.resolvedBy !== null
        ? 'ALREADY_RESOLVED'
        : model.now >= lifetime
          ? 'ALREADY_EXPIRED'
          : model.openedInTime.size > 0
            ? 'ALREADY_OPENED'
            : 'OK'
    expect(reason).toBe(expected)
    advance(real, payload)
    if (reason === 'OK') model.cancelled = true
  }
  toString = () => 'application cancels'
}

const actors = ['alice', 'bob', 'carol'].flatMap((name) =>
  (['QR', 'EVENT_LIST', 'DEEP_LINK', 'UNKNOWN'] as const).map((origin) => anActor(name, origin)),
)

const commands = fc.commands([
  fc.integer({ min: 0, max: 40_000 }).map((by) => new Tick(by)),
  fc
    .tuple(fc.constantFrom(...actors), fc.constantFrom('open', 'preSign', 'sign', 'reject', 'report'))
    .map(([actor, kind]) => new WalletActs(actor, kind)),
  fc.constant(new Cancel()),
])

it('keeps its invariants whatever wallets, the application and the clock do', () => {
  const { request } = aPayload()
  fc.assert(
    fc.property(commands, fc.boolean(), fc.boolean(), (run, submit, multisign) => {
      const model: Model = { now: 0, openedInTime: new Set(), resolvedBy: null, signed: false, cancelled: false }
      const real: Real = { payload: aPayload({ request: { ...request, submit, multisign } }), told: [] }
      fc.modelRun(() => ({ model, real }), run)

      // the truth table of CONTRACT section 2
      const { payload, told } = real
      expect(payload.outcome !== null).toBe(model.resolvedBy !== null)
      expect(payload.outcome?.kind === 'signed').toBe(model.signed)
      expect(payload.cancelledAt !== null).toBe(model.cancelled)
      expect(isExpired(payload, model.now)).toBe(model.cancelled || model.now >= lifetime)
      expect(expiryOf(payload)).toBeLessThanOrEqual(lifetime)
      // told once each, and all of it is what a late subscriber is told as well
      expect(new Set(told).size).toBe(told.length)
      expect([...told].sort()).toEqual([...newAnnouncements(null, factsOf(payload))].sort())
    }),
    { numRuns: 3000 },
  )
})
