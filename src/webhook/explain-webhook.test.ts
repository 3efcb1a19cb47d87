import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { attemptHeaders } from './attempt-headers.ts'
import { explainWebhook, type Finding, type PuzzlingWebhook } from './explain-webhook.ts'
import { standardSecret } from './signatures.ts'

const secret = '7f1f4a9e-3c52-4b8e-9d0a-5e6f7a8b9c0d'
const former = '11111111-2222-4333-8444-555555555555'
const key = '7f1f4a9e3c52-4b8e-9d0a-5e6f7a8b9c0d'
const value = {
  meta: { url: 'https://shop.test/hook', application_uuidv4: '0d9c8b7a-6f5e-4a0d-8e8b-523c9e4a1f7f' },
  custom_meta: { identifier: 'é', blob: {}, instruction: null },
  tags: [1, 2.5],
}
const body = JSON.stringify(value)
const now = 1_700_000_000_000
const time = '1700000000'
const headers = attemptHeaders({ id: 'msg_1', payloadId: null, body }, 1, { current: secret, previous: null }, now)
const webhook: PuzzlingWebhook = { headers, body, secret, now }

const wordsOf = (difference: Partial<PuzzlingWebhook>, step: Finding['step']): string =>
  explainWebhook({ ...webhook, ...difference })
    .findings.filter((finding) => finding.step === step)
    .map(({ words }) => words)
    .join(' ')

const sign = (key: string, signed: string): string => createHmac('sha1', key).update(signed).digest('hex')

describe('explainWebhook', () => {
  it('finds nothing wrong with what is sent', () => {
    const explanation = explainWebhook(webhook)
    expect(explanation.accepted).toBe(true)
    expect(explanation.findings.map(({ step, right }) => [step, right])).toEqual([
      ['secret', true],
      ['time', true],
      ['compatible signature', true],
      ['standard signature', true],
    ])
  })

  it.each([
    ['white space', `${secret}\n`, 'The secret has white space around it.'],
    ['quotation marks', `"${secret}"`, 'The secret has quotation marks around it.'],
    ['no dashes', secret.replaceAll('-', ''), 'The secret lacks dashes; give it as it was handed out.'],
    ['a dash too few', key, 'The secret lacks dashes; give it as it was handed out.'],
    ['upper case', secret.toUpperCase(), 'The secret is in upper case; it signs in lower case.'],
    ['the API key', value.meta.application_uuidv4, 'The secret is in the body, so it is the API key.'],
  ])('sees a secret with %s', (_, given, words) => expect(wordsOf({ secret: given }, 'secret')).toBe(words))

  it('checks the signatures by the secret that was meant', () => {
    for (const given of [`${secret}\n`, secret.replaceAll('-', ''), standardSecret(secret)]) {
      expect(wordsOf({ secret: given }, 'compatible signature')).toBe('It holds.')
    }
  })

  it('says no more than that of a secret that is none', () => {
    const { accepted, findings } = explainWebhook({ ...webhook, secret: 'hunter2' })
    expect(accepted).toBe(false)
    expect(findings.map(({ step, right }) => [step, right])).toEqual([
      ['secret', false],
      ['time', true],
    ])
    expect(JSON.stringify(findings)).not.toContain('hunter2')
  })

  it.each([
    ['old', { now: now + 7_200_000 }, /is 7200 s ago, more than the 300 s .* replay/],
    ['in the future', { now: now - 400_000 }, /is 400 s in the future/],
    ['in milliseconds', { headers: { ...headers, 'webhook-timestamp': `${time}000` } }, /is in milliseconds/],
    ['no number', { headers: { ...headers, 'webhook-timestamp': 'today' } }, /"today" is no whole number/],
  ])('sees a time that is %s', (_, difference, words) => expect(wordsOf(difference, 'time')).toMatch(words))

  it('names the headers that are missing', () => {
    expect(wordsOf({ headers: { 'webhook-id': 'msg_1' } }, 'standard signature')).toBe(
      'Missing, or there more than once: webhook-timestamp, webhook-signature.',
    )
    expect(wordsOf({ headers: {} }, 'compatible signature')).toContain('x-xumm-request-signature')
  })

  it.each([
    ['sorted', JSON.stringify(value, ['custom_meta', 'meta']), /no known mistake/],
    ['indented', JSON.stringify(value, null, 2), /when the body is taken as JSON.stringify writes it/],
    ['with a line break at its end', `${body}\n`, /when the body is taken without the white space around it/],
    ['as PHP writes it', body.replaceAll('/', '\\/'), /when the body is taken as JSON.stringify writes it/],
    ['of somebody else', '{"meta":{}}', /another secret, or the body was changed/],
  ])('sees a body that is %s', (_, given, words) => {
    expect(wordsOf({ body: given }, 'compatible signature')).toMatch(words)
    expect(wordsOf({ body: given }, 'standard signature')).toMatch(words)
  })

  it('sees that a secret is being retired', () => {
    const rotating = attemptHeaders(
      { id: 'msg_1', payloadId: null, body },
      1,
      { current: secret, previous: former },
      now,
    )
    const explanation = explainWebhook({ ...webhook, headers: rotating, secret: former })
    expect(explanation.accepted).toBe(true)
    expect(explanation.findings[2]!.words).toContain('is being retired')
    expect(explanation.findings[3]!.words).toBe('It holds.')
  })

  it.each([
    ['all dashes are removed', sign(secret.replaceAll('-', ''), time + body), /all dashes of the secret are removed/],
    ['no dash is removed', sign(secret, time + body), /no dash of the secret is removed/],
    ['the timestamp is forgotten', sign(key, body), /the timestamp is left out/],
    ['milliseconds are used', sign(key, `${time}000${body}`), /the timestamp is in milliseconds/],
    ['the body was read before', sign(key, time), /the body is taken for empty/],
    ['the body is an object', sign(key, `${time}[object Object]`), /\[object Object\]/],
    ['Python writes the body', sign(key, time + pythonSpelling()), /json.dumps writes it by default/],
    [
      'PHP writes the body',
      sign(key, time + body.replaceAll('/', '\\/').replace('é', '\\u00e9').replace('{}', '[]')),
      /json_encode writes it after json_decode/,
    ],
    ['it is in upper case', sign(key, time + body).toUpperCase(), /upper case/],
    ['two things go wrong', sign(secret, body), /no dash .*, and the timestamp is left out/],
    ['nothing can be recognised', 'abc', /No known mistake/],
  ])('tells of a signature of the receiver how it came about: %s', (_, computed, words) => {
    expect(wordsOf({ computed }, 'computed signature')).toMatch(words)
  })

  it.each([
    ['the whsec_ form as the key', standardSecret(secret), /has to be decoded first/],
    ['the secret without dashes', secret.replaceAll('-', ''), /the dashes of the secret are removed; here they stay/],
  ])('knows the mistakes made with Standard Webhooks, too: %s', (_, wrongKey, words) => {
    const computed = createHmac('sha256', wrongKey).update(`msg_1.${time}.${body}`).digest('base64')
    expect(wordsOf({ computed }, 'computed signature')).toMatch(words)
    expect(wordsOf({ computed: `v1,${computed}\n` }, 'computed signature')).toMatch(words)
  })

  it('says so when the receiver computes rightly', () => {
    expect(wordsOf({ computed: headers['x-xumm-request-signature']! }, 'computed signature')).toBe(
      'It is the compatible signature of this webhook.',
    )
    expect(wordsOf({ computed: headers['webhook-signature']! }, 'computed signature')).toContain('standard signature')
  })

  it('explains a signature in the headers that was made wrongly, as by a test of the receiver', () => {
    const wrong = { ...headers, 'x-xumm-request-signature': sign(secret.replaceAll('-', ''), time + body) }
    expect(wordsOf({ headers: wrong }, 'compatible signature')).toMatch(/all dashes of the secret are removed/)
  })
})

function pythonSpelling(): string {
  return (
    '{"meta": {"url": "https://shop.test/hook", "application_uuidv4": "0d9c8b7a-6f5e-4a0d-8e8b-523c9e4a1f7f"}, ' +
    '"custom_meta": {"identifier": "\\u00e9", "blob": {}, "instruction": null}, "tags": [1, 2.5]}'
  )
}
