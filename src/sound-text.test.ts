import { expect, test } from 'vitest'
import { hasSoundText } from './sound-text.ts'

test.each([null, 1, true, 'text', '😀', { a: ['b', { c: 'd' }] }, []])('%j is sound', (value) => {
  expect(hasSoundText(value)).toBe(true)
})

test.each(['a\0b', '\ud800', '\udc00x', ['\0'], { a: { b: '\udfff' } }, { '\0': 1 }, { a: [{ '\ud800': 1 }] }])(
  '%j is not',
  (value) => {
    expect(hasSoundText(value)).toBe(false)
  },
)
