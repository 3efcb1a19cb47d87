import { expect, test } from 'vitest'
import { CommandFailure } from './output.ts'
import { readSince } from './since.ts'

const now = Date.UTC(2026, 0, 31, 12)

test.each([
  ['90s', Date.UTC(2026, 0, 31, 11, 58, 30)],
  ['30m', Date.UTC(2026, 0, 31, 11, 30)],
  ['2h', Date.UTC(2026, 0, 31, 10)],
  ['3d', Date.UTC(2026, 0, 28, 12)],
  ['2026-01-30T08:00Z', Date.UTC(2026, 0, 30, 8)],
  ['2026-01-30T08:00:00.5+01:00', Date.UTC(2026, 0, 30, 7, 0, 0, 500)],
])('%s is a moment', (text, time) => {
  expect(readSince('--failed-since', text, now)).toBe(time)
})

test.each(['', 'yesterday', '2w', '-1h', '2026-01-30', '2026-01-30T08:00', '2026-02-40T08:00Z'])(
  '%j is none',
  (text) => {
    expect(() => readSince('--failed-since', text, now)).toThrow(CommandFailure)
  },
)
