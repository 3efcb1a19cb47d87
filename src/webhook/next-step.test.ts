import { describe, expect, it } from 'vitest'
import type { Answered } from './attempt-result.ts'
import { nextStep, type Persistence } from './next-step.ts'

const now = Date.UTC(2026, 0, 31, 12, 0, 0)
const waits = [10_000, 60_000, 600_000, 600_000]
const plain: Persistence = { waits, honourRetryAfter: false, endOnGone: false }

const answered = (status: number, retryAfter: string | null = null): Answered => ({
  stage: 'answered',
  status,
  retryAfter,
  location: null,
  response: '',
  ending: 'whole',
})

const waitAfter = (result: Parameters<typeof nextStep>[0], before: number, persistence = plain): number | string => {
  const next = nextStep(result, before, persistence, now)
  return next.state === 'owed' ? next.wait : next.state
}

describe('nextStep', () => {
  it.each([200, 201, 202, 204, 299])('ends with an answer of %i', (status) => {
    expect(waitAfter(answered(status), 0)).toBe('delivered')
    expect(waitAfter(answered(status), 4)).toBe('delivered')
  })

  it('waits longer after each failure, and gives up after the fifth', () => {
    expect([0, 1, 2, 3, 4].map((before) => waitAfter(answered(500), before))).toEqual([
      10_000,
      60_000,
      600_000,
      600_000,
      'failed',
    ])
  })

  it.each([
    answered(301),
    answered(404),
    answered(410),
    answered(429, '3600'),
    { stage: 'url', problem: 'malformed' },
    { stage: 'address', address: '10.0.0.1', objection: 'private' },
    { stage: 'name', code: 'ENOTFOUND' },
    { stage: 'tls', code: 'CERT_HAS_EXPIRED' },
    { stage: 'timeout', during: 'exchange' },
  ] as const)('tries again after %j', (result) => expect(waitAfter(result, 0)).toBe(10_000))

  it('takes the waits it is given', () => {
    expect(waitAfter(answered(500), 0, { ...plain, waits: [] })).toBe('failed')
    expect(waitAfter(answered(500), 1, { ...plain, waits: [1, 2] })).toBe(2)
  })

  it('lets 410 end a delivery where that is wanted', () => {
    const persistence = { ...plain, endOnGone: true }
    expect(waitAfter(answered(410), 0, persistence)).toBe('failed')
    expect(waitAfter(answered(404), 0, persistence)).toBe(10_000)
  })

  describe('with Retry-After honoured', () => {
    const patient = { ...plain, honourRetryAfter: true }

    it.each([
      ['120', 120_000],
      ['Sat, 31 Jan 2026 12:05:00 GMT', 300_000],
    ])('waits until %s', (retryAfter, wait) => expect(waitAfter(answered(429, retryAfter), 0, patient)).toBe(wait))

    it.each(['5', '0', 'Sat, 31 Jan 2026 11:00:00 GMT', 'soon', '-1', '1.5', '', '2026-01-31', '99999999999'])(
      'never waits less because of "%s"',
      (retryAfter) => expect(waitAfter(answered(503, retryAfter), 0, patient)).toBe(10_000),
    )

    it('waits no longer than a day, or than its bound', () => {
      expect(waitAfter(answered(429, '9999999999'), 0, patient)).toBe(86_400_000)
      expect(waitAfter(answered(429, '9999'), 0, { ...patient, longestRetryAfter: 20_000 })).toBe(20_000)
      expect(waitAfter(answered(429, '9999'), 2, { ...patient, longestRetryAfter: 20_000 })).toBe(600_000)
    })

    it('makes no attempt more because of it', () => expect(waitAfter(answered(429, '120'), 4, patient)).toBe('failed'))
  })
})
