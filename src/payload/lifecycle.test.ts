import { describe, expect, it } from 'vitest'
import { aContext, anActor, aPayload, aSignature, signingDetails } from '../../test/payload-fixture.ts'
import { isRefusal, type Refusal } from '../refusals.ts'
import {
  cancel,
  dispatchOf,
  maxOpeners,
  open,
  recordDispatch,
  recordLedgerAnswer,
  reject,
  sign,
  startSigning,
} from './lifecycle.ts'
import { factsOf, newAnnouncements } from './facts.ts'
import type { Payload } from './payload.ts'

const alice = anActor('alice')
const bob = anActor('bob')
const report = { to: 'UNKNOWN NODE', nodeType: 'TESTNET', result: 'tesSUCCESS' }

const must = (next: Payload | Refusal): Payload => {
  if (isRefusal(next)) throw new Error(`refused: ${next.refused}`)
  return next
}
const refusedAs = (next: Payload | Refusal): string => (isRefusal(next) ? next.refused : 'nothing was refused')
const signedBy = (payload: Payload, actor = alice, now = 1000) =>
  sign(payload, actor, aSignature, signingDetails, aContext, now)
const rejectedBy = (payload: Payload, actor = alice, now = 1000) =>
  reject(payload, actor, { initiator: 'USER', reason: null }, aContext, now)
const told = (before: Payload, after: Payload) => newAnnouncements(factsOf(before), factsOf(after))

describe('opening', () => {
  it('the first fetch opens, the second by the same device starts the signing', () => {
    const first = must(open(aPayload(), alice, 1))
    expect(told(aPayload(), first)).toEqual(['opened'])
    expect(told(first, must(open(first, alice, 2)))).toEqual(['preSigned'])
  })

  it('a fetch by another device of the same user is no sign of signing', () => {
    const first = must(open(aPayload(), alice, 1))
    const tablet = { ...alice, deviceId: "alice's tablet" }
    expect(told(first, must(open(first, tablet, 2)))).toEqual([])
  })

  it('a first fetch from the event list opens and starts the signing', () => {
    const opened = must(open(aPayload(), anActor('alice', 'EVENT_LIST'), 1))
    expect(told(aPayload(), opened)).toEqual(['opened', 'preSigned'])
  })

  it('is refused at expiry, and allowed the millisecond before', () => {
    expect(refusedAs(open(aPayload(), alice, 60_000))).toBe('expiredUnopened')
    expect(refusedAs(open(aPayload(), alice, 59_999))).toBe('nothing was refused')
  })

  it('is allowed again after expiry for a user who opened in time, and refused to another', () => {
    const opened = must(open(aPayload(), alice, 1))
    expect(refusedAs(open(opened, alice, 70_000))).toBe('nothing was refused')
    expect(refusedAs(open(opened, bob, 70_000))).toBe('expiredUnopened')
  })

  it('of a resolved payload says who resolved it: oneself or another', () => {
    const resolved = must(signedBy(aPayload()))
    expect(refusedAs(open(resolved, alice, 2000))).toBe('alreadyResolved')
    expect(refusedAs(open(resolved, bob, 2000))).toBe('handledByAnother')
  })

  it('is for 64 users at most, and those who are in stay in', () => {
    let payload = aPayload()
    for (let n = 0; n < maxOpeners; n++) payload = must(open(payload, anActor(`user ${n}`), n))
    expect(refusedAs(open(payload, anActor('one more'), 100))).toBe('tooManyOpeners')
    expect(refusedAs(open(payload, anActor('user 7'), 100))).toBe('nothing was refused')
  })

  it('of a payload pushed to one user alone is refused to all others', () => {
    const exclusive = aPayload({ pushedTo: { userId: 'alice', exclusive: true } })
    expect(refusedAs(open(exclusive, bob, 1))).toBe('notForThisUser')
    expect(refusedAs(signedBy(exclusive, bob))).toBe('notForThisUser')
    expect(refusedAs(open(exclusive, alice, 1))).toBe('nothing was refused')
  })
})

describe('resolving', () => {
  it('without a fetch before expiry counts as opening, too', () => {
    const resolved = must(signedBy(aPayload()))
    expect(told(aPayload(), resolved)).toEqual(['opened', 'dispatched', 'resolved'])
  })

  it('after expiry is for those who opened in time', () => {
    const opened = must(open(aPayload(), alice, 1))
    expect(refusedAs(signedBy(opened, alice, 90_000))).toBe('nothing was refused')
    expect(refusedAs(signedBy(opened, bob, 90_000))).toBe('expiredUnopened')
  })

  it('a second time is refused, whoever tries', () => {
    const resolved = must(rejectedBy(must(open(aPayload(), alice, 1))))
    expect(refusedAs(signedBy(resolved))).toBe('alreadyResolved')
    expect(refusedAs(rejectedBy(resolved, bob))).toBe('alreadyResolved')
    expect(refusedAs(startSigning(resolved, alice, 2000))).toBe('alreadyResolved')
    expect(refusedAs(signedBy(resolved, bob, 90_000))).toBe('expiredUnopened')
  })

  it('by rejection tells neither signing nor dispatch', () => {
    const resolved = must(rejectedBy(aPayload()))
    expect(told(aPayload(), resolved)).toEqual(['opened', 'resolved'])
    expect(factsOf(resolved).resolved).toMatchObject({ signed: false, txid: null })
  })

  it('dispatches only what is to be submitted and is no multisignature', () => {
    const { request } = aPayload()
    const quiet = aPayload({ request: { ...request, submit: false } })
    const multi = aPayload({ request: { ...request, multisign: true } })
    expect(told(quiet, must(signedBy(quiet)))).toEqual(['opened', 'resolved'])
    expect(told(multi, must(signedBy(multi)))).toEqual(['opened', 'resolved'])
  })

  it('keeps how its user came by the payload, and asks the resolution where that is unknown', () => {
    const byQr = must(open(aPayload(), bob, 1))
    const both = must(open(byQr, anActor('alice', 'DEEP_LINK'), 2))
    expect(must(signedBy(both)).outcome?.origin).toBe('DEEP_LINK')
    const unknown = must(open(aPayload(), anActor('alice', 'UNKNOWN'), 2))
    expect(must(signedBy(unknown, anActor('alice', 'QR'))).outcome?.origin).toBe('QR')
  })
})

describe('the report of what the ledger answered', () => {
  it('shows after the signature of the same user, also when it came first', () => {
    const early = must(recordDispatch(must(open(aPayload(), alice, 1)), alice, report, 2))
    expect(dispatchOf(early)).toBeNull()
    expect(dispatchOf(must(signedBy(early)))).toMatchObject(report)
    expect(dispatchOf(must(recordDispatch(must(signedBy(aPayload())), alice, report, 2000)))).toMatchObject(report)
  })

  it('counts once: the first one', () => {
    const reported = must(recordDispatch(must(signedBy(aPayload())), alice, report, 2000))
    const again = must(recordDispatch(reported, alice, { ...report, result: 'tecPATH_DRY' }, 3000))
    expect(dispatchOf(again)?.result).toBe('tesSUCCESS')
  })

  it('of another user changes nothing, or is refused when that user never opened', () => {
    const opened = must(open(must(open(aPayload(), alice, 1)), bob, 2))
    const resolved = must(signedBy(opened))
    expect(recordDispatch(resolved, bob, report, 3000)).toBe(resolved)
    expect(refusedAs(recordDispatch(resolved, anActor('carol'), report, 3000))).toBe('neverOpened')
    expect(refusedAs(recordDispatch(opened, anActor('carol'), report, 3))).toBe('neverOpened')
  })

  it('never shows on a payload that is not to be submitted, nor after a rejection', () => {
    const quiet = aPayload({ request: { ...aPayload().request, submit: false } })
    expect(dispatchOf(must(recordDispatch(must(signedBy(quiet)), alice, report, 2000)))).toBeNull()
    expect(dispatchOf(must(recordDispatch(must(rejectedBy(aPayload())), alice, report, 2000)))).toBeNull()
  })

  it('that overtakes everything else opens the payload', () => {
    const reported = must(recordDispatch(aPayload(), alice, report, 1))
    expect(told(aPayload(), reported)).toEqual(['opened'])
    expect(refusedAs(recordDispatch(aPayload(), alice, report, 60_000))).toBe('neverOpened')
  })
})

describe('what a ledger node says became of the transaction', () => {
  const answer = { to: 'wss://node.test', nodeType: 'TESTNET', result: 'tecPATH_DRY' }

  it("replaces the wallet's report, whichever comes first, and tells subscribers nothing", () => {
    const reported = must(recordDispatch(must(signedBy(aPayload())), alice, report, 2000))
    const corrected = recordLedgerAnswer(reported, answer, 3000)
    expect(dispatchOf(corrected)).toEqual({ ...answer, at: 3000 })
    expect(told(reported, corrected)).toEqual([])
    const answered = recordLedgerAnswer(must(signedBy(aPayload())), answer, 2000)
    expect(dispatchOf(must(recordDispatch(answered, alice, report, 3000)))).toEqual({ ...answer, at: 2000 })
  })

  it('is final', () => {
    const answered = recordLedgerAnswer(must(signedBy(aPayload())), answer, 2000)
    expect(recordLedgerAnswer(answered, { ...answer, result: 'tesSUCCESS' }, 3000)).toBe(answered)
  })

  it('changes nothing on what was not submitted', () => {
    const { request } = aPayload()
    const quiet = must(signedBy(aPayload({ request: { ...request, submit: false } })))
    const multi = must(signedBy(aPayload({ request: { ...request, multisign: true } })))
    for (const payload of [aPayload(), must(rejectedBy(aPayload())), quiet, multi]) {
      expect(recordLedgerAnswer(payload, answer, 2000)).toBe(payload)
    }
  })
})

describe('cancelling', () => {
  it('ends the time to open at once', () => {
    const { payload, reason } = cancel(aPayload(), 10_000)
    expect(reason).toBe('OK')
    expect(refusedAs(open(payload, alice, 10_000))).toBe('cancelled')
    expect(factsOf(payload).expiry).toBe(10_000)
  })

  it('says the first reason that is true', () => {
    const opened = must(open(aPayload(), alice, 1))
    expect(cancel(cancel(aPayload(), 1).payload, 99_000).reason).toBe('ALREADY_CANCELLED')
    expect(cancel(must(signedBy(opened)), 99_000).reason).toBe('ALREADY_RESOLVED')
    expect(cancel(opened, 60_000).reason).toBe('ALREADY_EXPIRED')
    expect(cancel(opened, 59_999).reason).toBe('ALREADY_OPENED')
  })
})
