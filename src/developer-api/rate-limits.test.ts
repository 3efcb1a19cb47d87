import { expect, test } from 'vitest'
import { parseRateLimits } from './rate-limits.ts'

test.each([
  ['100', 100],
  ['create=30,other=120', { create: 30, other: 120 }],
  ['other=120, create=30', { create: 30, other: 120 }],
  ['create=30', { create: 30 }],
])('%j is understood', (text, limits) => {
  expect(parseRateLimits(text)).toEqual(limits)
})

test.each([
  '',
  '0',
  '-1',
  '1.5',
  'many',
  'create',
  'create=',
  'create=0',
  'create=1,create=2',
  'delete=1',
  '100,other=1',
])('%j is not', (text) => {
  expect(parseRateLimits(text)).toBeNull()
})
