import { describe, expect, it } from 'vitest'
import { attemptHeaders } from './attempt-headers.ts'
import { standardSecret } from './signatures.ts'
import { verifyWebhook, type WebhookVerdict } from './verify-webhook.ts'

const secret = '7f1f4a9e-3c52-4b8e-9d0a-5e6f7a8b9c0d'
const former = '11111111-2222-4333-8444-555555555555'
const other = '99999999-2222-4333-8444-555555555555'
const body = '{"meta":{},"custom_meta":{"blob":{"7":"é","1.5":[1.5,1e+21]}}}'
const now = 1_700_000_000_500
const delivery = { id: 'msg_1', payloadId: '2b1f6b0e-8a0b-4c67-8d0a-1f2e3d4c5b6a', body }

const headers = attemptHeaders(delivery, 1, { current: secret, previous: null }, now)
const only = (prefix: string): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith(prefix)))

const reasonOf = (verdict: WebhookVerdict): string => (verdict.valid ? 'valid' : verdict.reason)

describe('verifyWebhook', () => {
  it('takes what is sent', () => {
    expect(verifyWebhook({ headers, body, secret, now })).toEqual({
      valid: true,
      scheme: 'standard',
      sentAt: 1_700_000_000_000,
    })
  })

  it('takes either signature alone', () => {
    expect(verifyWebhook({ headers: only('webhook-'), body, secret, now })).toMatchObject({ scheme: 'standard' })
    expect(verifyWebhook({ headers: only('x-xumm-'), body, secret, now })).toMatchObject({ scheme: 'compatible' })
  })

  it('takes the compatible signature where the other does not hold', () => {
    const mixed = { ...headers, 'webhook-id': 'msg_2' }
    expect(verifyWebhook({ headers: mixed, body, secret, now })).toMatchObject({ valid: true, scheme: 'compatible' })
  })

  it('takes headers of fetch, in any case, and as lists of one', () => {
    expect(verifyWebhook({ headers: new Headers(headers), body, secret, now }).valid).toBe(true)
    const shouted = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), [value]]))
    expect(verifyWebhook({ headers: shouted, body, secret, now }).valid).toBe(true)
  })

  it('takes the body as bytes, or parsed and serialised again by JSON', () => {
    expect(verifyWebhook({ headers, body: Buffer.from(body), secret, now }).valid).toBe(true)
    expect(verifyWebhook({ headers, body: JSON.stringify(JSON.parse(body)), secret, now }).valid).toBe(true)
  })

  it('takes the secret in either form and case', () => {
    expect(verifyWebhook({ headers, body, secret: standardSecret(secret), now }).valid).toBe(true)
    expect(verifyWebhook({ headers, body, secret: secret.toUpperCase(), now }).valid).toBe(true)
  })

  it('takes the old secret and the new one during a rotation', () => {
    const rotating = attemptHeaders(delivery, 1, { current: secret, previous: former }, now)
    expect(verifyWebhook({ headers: rotating, body, secret, now }).valid).toBe(true)
    expect(verifyWebhook({ headers: rotating, body, secret: former, now }).valid).toBe(true)
    expect(reasonOf(verifyWebhook({ headers: rotating, body, secret: other, now }))).toBe('signatureMismatch')
  })

  it.each([
    ['another secret', { secret: other }, 'signatureMismatch'],
    ['another body', { body: `${body} ` }, 'signatureMismatch'],
    ['no signature', { headers: { 'content-type': 'application/json' } }, 'headersMissing'],
    ['half of the headers', { headers: { 'webhook-id': 'msg_1' } }, 'headersMissing'],
    ['a header twice', { headers: { ...only('x-xumm-'), 'x-xumm-request-timestamp': ['1', '2'] } }, 'headersMissing'],
    ['a secret without its dashes', { secret: secret.replaceAll('-', '') }, 'secretMalformed'],
    ['an empty secret', { secret: '' }, 'secretMalformed'],
    ['a time that is five minutes old', { now: now + 300_001 }, 'timestampTooOld'],
    ['a time in the future', { now: now - 301_001 }, 'timestampTooNew'],
    ['a time beyond a tolerance of its own', { now: now + 2_000, tolerance: 1_000 }, 'timestampTooOld'],
  ])('refuses %s', (_, difference, reason) => {
    expect(reasonOf(verifyWebhook({ headers, body, secret, now, ...difference }))).toBe(reason)
  })

  it.each(['', 'now', '1700000000.5', '1700000000000', '-1', ' 1700000000', '0x6553F100'])(
    'refuses the time "%s"',
    (timestamp) => {
      const headers = { ...only('x-xumm-'), 'x-xumm-request-timestamp': timestamp }
      expect(reasonOf(verifyWebhook({ headers, body, secret, now }))).toBe('timestampMalformed')
    },
  )

  it.each(['', 'v1,', 'v1', 'é', 'a'.repeat(40), 'v1a,abc'])('refuses the signature "%s"', (signature) => {
    const headers = { ...only('x-xumm-'), 'x-xumm-request-signature': signature }
    expect(reasonOf(verifyWebhook({ headers, body, secret, now }))).toBe('signatureMismatch')
    const standard = { ...only('webhook-'), 'webhook-signature': signature }
    expect(reasonOf(verifyWebhook({ headers: standard, body, secret, now }))).toBe('signatureMismatch')
  })

  it('says in one sentence what is wrong', () => {
    expect(verifyWebhook({ headers, body, secret: other, now })).toMatchObject({
      message: 'The signature does not belong to this body, time and secret.',
    })
  })
})
