import { expect, it } from 'vitest'
import type { AttemptResult } from './attempt-result.ts'
import { outcomeWords } from './outcome-words.ts'

const answered = (status: number, more: Partial<AttemptResult> = {}): AttemptResult =>
  ({
    stage: 'answered',
    status,
    retryAfter: null,
    location: null,
    response: '',
    ending: 'whole',
    ...more,
  }) as AttemptResult

const cases: readonly (readonly [AttemptResult, string])[] = [
  [answered(200), 'answered 200 OK'],
  [answered(599), 'answered 599'],
  [answered(410), 'answered 410 Gone'],
  [
    answered(301, { location: 'https://shop.test/hook' }),
    'answered 301 Moved Permanently, a redirect to https://shop.test/hook; redirects are not followed',
  ],
  [answered(304), 'answered 304 Not Modified'],
  [answered(200, { ending: 'long' }), 'answered 200 OK; the rest of its body was not read'],
  [answered(200, { ending: 'late' }), 'answered 200 OK; its body did not end in time'],
  [answered(500, { ending: 'broken' }), 'answered 500 Internal Server Error; the connection broke within its body'],
  [{ stage: 'url', problem: 'malformed' }, 'the URL is malformed'],
  [
    { stage: 'address', address: '10.0.0.1', objection: 'private' },
    'the address 10.0.0.1 may not be reached: it is private',
  ],
  [{ stage: 'timeout', during: 'exchange' }, 'no answer came within 15 s'],
  [{ stage: 'timeout', during: 'name' }, "the receiver's name was not resolved within 15 s"],
  [{ stage: 'connection', code: 'ECONNREFUSED' }, 'the connection was refused (ECONNREFUSED)'],
  [{ stage: 'name', code: 'ESTRANGE' }, "the receiver's name could not be looked up (ESTRANGE)"],
  [{ stage: 'tls', code: 'CERT_HAS_EXPIRED' }, "the receiver's certificate has expired (CERT_HAS_EXPIRED)"],
]

it.each(cases)('says of %j: %s', (result, words) => expect(outcomeWords(result, 15_000)).toBe(words))

it('repeats of a redirect no more than fits on a line', () => {
  const words = outcomeWords(answered(302, { location: `https://x.test/\x1b[31m${'a'.repeat(1_000)}` }), 15_000)
  expect(words).not.toContain('\x1b')
  expect(words.length).toBeLessThan(300)
})
