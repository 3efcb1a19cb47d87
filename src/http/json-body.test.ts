import fc from 'fast-check'
import { expect, test } from 'vitest'
import { depthLimit, parseBody } from './json-body.ts'

const parse = (text: string) => parseBody(Buffer.from(text))
const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)

test('an empty body is none', () => {
  expect(parse('')).toEqual({ json: undefined })
})

test('any JSON value is read as it was written', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
      fc.pre(!JSON.stringify(value).includes('__proto__'))
      const text = JSON.stringify(value)
      expect(parse(text)).toEqual({ json: JSON.parse(text) })
    }),
  )
})

test('an object that looks like a refusal is an object', () => {
  expect(parse('{"refused":"internal"}')).toEqual({ json: { refused: 'internal' } })
})

test.each([
  ['no JSON', '{'],
  ['two values', '{}{}'],
  ['only blanks', ' '],
  ['a key __proto__', '{"__proto__":{}}'],
  ['a key __proto__ further down', '{"a":[{"b":{"__proto__":null}}]}'],
  ['a key __proto__ in disguise', '{"\\u005f_proto__":1}'],
  ['a number that is none', '{"a":[1e400]}'],
  ['too many levels', nested(depthLimit + 1)],
  ['as many levels as fit', nested(100_000)],
])('%s is refused', (_, text) => {
  expect(parse(text)).toMatchObject({ refused: 'bodyNotJson' })
})

test('bytes that are no UTF-8 are refused', () => {
  expect(parseBody(Buffer.from([0x22, 0xff, 0x22]))).toMatchObject({ refused: 'bodyNotJson' })
})

test('the deepest body allowed is read', () => {
  expect(parse(nested(depthLimit))).toHaveProperty('json')
})
