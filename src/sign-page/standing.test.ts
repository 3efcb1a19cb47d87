import { expect, it } from 'vitest'
import { aContext, anActor, aPayload, aSignature, signingDetails } from '../../test/payload-fixture.ts'
import { cancel, open, reject, sign, startSigning } from '../payload/lifecycle.ts'
import type { Payload } from '../payload/payload.ts'
import { isOver, standingOf } from './standing.ts'

const ann = anActor('ann')
const worked = (next: ReturnType<typeof open>): Payload => {
  if ('refused' in next) throw new Error(next.refused)
  return next
}
const opened = worked(open(aPayload(), ann, 1_000))
const signed = worked(sign(opened, ann, aSignature, signingDetails, aContext, 2_000))
const rejected = worked(reject(opened, ann, { initiator: 'USER', reason: null }, aContext, 2_000))

it.each([
  ['untouched', aPayload(), 3_000, 'waiting', false],
  ['untouched for too long', aPayload(), 60_000, 'expired', true],
  ['withdrawn', cancel(aPayload(), 2_000).payload, 90_000, 'cancelled', true],
  ['opened', opened, 3_000, 'opened', false],
  ['opened in time and looked at late', opened, 90_000, 'opened', false],
  ['about to be signed', worked(startSigning(opened, ann, 2_000)), 90_000, 'signing', false],
  ['signed', signed, 90_000, 'signed', true],
  ['declined', rejected, 3_000, 'rejected', true],
])('a request that is %s stands there', (_, payload, now, standing, over) => {
  expect(standingOf(payload, now)).toBe(standing)
  expect(isOver(standingOf(payload, now))).toBe(over)
})
