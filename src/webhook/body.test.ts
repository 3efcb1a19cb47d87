import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anApplication } from '../../test/application-fixture.ts'
import { aContext, anActor, aPayload, aSignature, signingDetails } from '../../test/payload-fixture.ts'
import { applicationEvents } from '../application/application.ts'
import type { JsonObject } from '../json.ts'
import { open, recordDispatch, recordLedgerAnswer, reject, sign } from '../payload/lifecycle.ts'
import type { Payload } from '../payload/payload.ts'
import { isRefusal, type Refusal } from '../refusals.ts'
import { eventBody, resolutionBody, testBody } from './body.ts'

const worked = (next: Payload | Refusal): Payload => {
  if (isRefusal(next)) throw new Error(next.refused)
  return next
}

const url = 'https://shop.test/hook'
const customMeta = { identifier: 'order-1', blob: { a: 1 }, instruction: 'Pay the order' }
const asked = aPayload({
  customMeta,
  request: { ...aPayload().request, returnUrl: { app: null, web: 'https://shop.test/?tx={txid}' } },
})
const ann = anActor('ann', 'DEEP_LINK')
const opened = worked(open(asked, ann, 1_000))
const userToken = { token: 'a token', issuedAt: 1_635_000_000_999, expiresAt: 1_637_500_000_001 }
const signed = worked(sign(opened, ann, aSignature, signingDetails, { ...aContext, userToken }, 2_000))
const why = { initiator: 'USER', reason: null } as const
const rejected = worked(reject(asked, anActor('bob'), why, aContext, 2_000))

describe('the body of a resolution', () => {
  it('is, to the character, what receivers of the hosted platform know', () => {
    expect(resolutionBody(signed, url)).toBe(
      '{"meta":{"url":"https://shop.test/hook","application_uuidv4":"11111111-2222-4333-8444-555555555555",' +
        '"payload_uuidv4":"8a7c1b5e-5a0e-4f0e-9d3b-0123456789ab","opened_by_deeplink":true},' +
        '"custom_meta":{"identifier":"order-1","blob":{"a":1},"instruction":"Pay the order"},' +
        '"payloadResponse":{"payload_uuidv4":"8a7c1b5e-5a0e-4f0e-9d3b-0123456789ab",' +
        '"reference_call_uuidv4":"99999999-2222-4333-8444-555555555555","signed":true,"user_token":true,' +
        '"return_url":{"app":null,"web":"https://shop.test/?tx=CD"},"txid":"CD"},' +
        '"userToken":{"user_token":"a token","token_issued":1635000000,"token_expiration":1637500000}}',
    )
  })

  it('of a rejection has neither a txid nor a token', () => {
    expect(JSON.parse(resolutionBody(rejected, url)!)).toMatchObject({
      meta: { opened_by_deeplink: false },
      payloadResponse: { signed: false, user_token: false, txid: null },
      userToken: null,
    })
  })

  it('is not there before the resolution', () => {
    expect(resolutionBody(opened, url)).toBeNull()
  })
})

describe('the body of an event', () => {
  const at = Date.UTC(2026, 0, 31, 12)
  const parsed = (...[change, event]: [Parameters<typeof eventBody>[0], Parameters<typeof eventBody>[2]['event']]) =>
    JSON.parse(eventBody(change, url, { event, at })) as Record<string, unknown>
  const meta = {
    url,
    application_uuidv4: asked.applicationId,
    payload_uuidv4: asked.id,
    opened_by_deeplink: true,
    occurred_at: '2026-01-31T12:00:00Z',
  }

  it.each(['opened', 'expired', 'cancelled'] as const)('%s says which and when, and no payloadResponse', (event) => {
    expect(parsed({ payload: opened }, event)).toEqual({ meta: { ...meta, event }, custom_meta: customMeta })
  })

  it('says false where nobody has opened the payload', () => {
    expect(parsed({ payload: asked }, 'cancelled')['meta']).toMatchObject({ opened_by_deeplink: false })
  })

  it('refused says whose signature failed which check', () => {
    const refusedSignature = { txid: 'EF', account: 'rSomebody', reason: 'templateMismatch', message: 'No.' } as const
    expect(parsed({ payload: opened, refusedSignature }, 'refused')).toEqual({
      meta: { ...meta, event: 'refused' },
      custom_meta: customMeta,
      refused: { txid: 'EF', account: 'rSomebody', check: 'templateMismatch', message: 'No.' },
    })
  })

  const report = { to: 'wss://node.test', nodeType: 'TESTNET', result: 'tecPATH_DRY' }
  it.each([
    ['a wallet claims', worked(recordDispatch(signed, ann, report, 3_000)), false],
    ['a ledger node knows', recordLedgerAnswer(signed, report, 3_000), true],
  ])('dispatched has the result that %s, and the resolution that it belongs to', (_who, payload, validated) => {
    const { payloadResponse, userToken } = JSON.parse(resolutionBody(signed, url)!) as Record<string, unknown>
    expect(parsed({ payload }, 'dispatched')).toEqual({
      meta: { ...meta, event: 'dispatched' },
      custom_meta: customMeta,
      payloadResponse,
      userToken,
      dispatched: { to: 'wss://node.test', nodetype: 'TESTNET', result: 'tecPATH_DRY', validated },
    })
  })
})

it('a test says that it is one, about no payload', () => {
  expect(JSON.parse(testBody(anApplication(), url, 0))).toEqual({
    meta: {
      url,
      application_uuidv4: asked.applicationId,
      payload_uuidv4: null,
      opened_by_deeplink: false,
      event: 'test',
      occurred_at: '1970-01-01T00:00:00Z',
    },
    custom_meta: { identifier: null, blob: null, instruction: null },
  })
})

it('every body is what JSON.stringify makes of its own parse', () => {
  const text = fc.string({ unit: 'binary' })
  const awkward = fc.constantFrom<JsonObject>(
    { 10: 'ten', b: 1, 2: 'two', '-1': 0, '01': 0 },
    { number: -0, small: 5e-324, large: 1e21, exact: 0.1 + 0.2 },
    JSON.parse('{"__proto__":{"a":1},"constructor":"","é":"\\u2028","nul":"\\u0000"}') as JsonObject,
  )
  const blob = fc.oneof(
    awkward,
    fc.dictionary(fc.oneof(text, fc.nat().map(String)), fc.jsonValue({ stringUnit: 'binary' })),
  )
  fc.assert(
    fc.property(blob, text, text, fc.constantFrom(...applicationEvents), (one, identifier, instruction, event) => {
      const payload = { ...signed, customMeta: { identifier, blob: one as JsonObject, instruction } }
      const bodies = [resolutionBody(payload, url)!, eventBody({ payload }, url, { event, at: 0 })]
      for (const body of bodies) expect(JSON.stringify(JSON.parse(body))).toBe(body)
    }),
    { numRuns: 200 },
  )
})
