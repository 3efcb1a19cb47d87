import fc from 'fast-check'
import type { Json } from '../../src/json.ts'

/** What databases, parsers and prototypes stumble over. */
const unsoundTexts = ['\0', 'a\0b', '\ud800', '\udc00', 'x\udfff\ud800y'] as const

/** Names that mean something to JavaScript, and some that mean something to this server's own values. */
const treacherousKeys = [
  '__proto__',
  'constructor',
  'prototype',
  'hasOwnProperty',
  'toString',
  'toJSON',
  'valueOf',
  'then',
  'length',
  'refused',
  'trouble',
  'verdict',
  '',
  ' ',
  'TransactionType',
] as const

const nested = (levels: number): Json => {
  let value: Json = 1
  for (let level = 0; level < levels; level++) value = level % 2 === 0 ? [value] : { a: value }
  return value
}

/** One of each kind of value, for places that want another. */
export const oneOfEach: readonly Json[] = [
  null,
  true,
  -1,
  0.5,
  2 ** 53,
  '',
  '9'.repeat(400),
  [null],
  {},
  { refused: 'internal' },
  nested(20),
]

/** With `__proto__` as a member like any other. */
const objectOf = (entries: readonly (readonly [string, Json])[]): Json => Object.fromEntries(entries)

export const nastyKey = fc.oneof(fc.constantFrom(...treacherousKeys, ...unsoundTexts), fc.string({ maxLength: 12 }))

/** UTF-16 units as they come: half surrogates, controls, anything. */
const anyUnits = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 30 })
  .map((units) => String.fromCharCode(...units))

const longText = fc
  .tuple(fc.constantFrom('a', '0', '😀', '"', '\\', '{', '%00'), fc.constantFrom(41, 129, 281, 2001, 5000, 70_000))
  .map(([text, times]) => text.repeat(times))

export const nastyText = fc.oneof(
  fc.constantFrom<string>(
    ...unsoundTexts,
    ...treacherousKeys,
    "' or 1=1; --",
    '<script>alert(1)</script>',
    '{id}{cid}{txid}{txblob}',
    '${7*7}',
    '../../etc/passwd',
    '-0',
    '1e999',
    'NaN',
    'null',
    'ß'.repeat(50),
  ),
  anyUnits,
  longText,
)

export const nastyJson: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom(...oneOfEach, 0, -1e308, []),
  nastyText,
  fc.double(),
  fc.maxSafeInteger(),
  fc.constantFrom(17, 65, 300).map(nested),
  fc.array(fc.tuple(nastyKey, fc.constantFrom(...oneOfEach)), { maxLength: 3 }).map(objectOf),
  fc.jsonValue({ maxDepth: 3 }).map((value) => value as Json),
)

/** What the parser of a header, and who reads its value, may meet; latin1. */
export const nastyHeader = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '\0',
    'a\0b',
    '\x7f',
    '\u00ff\u00fe',
    'a\rb',
    'a\nInjected: yes',
    'null',
    'undefined',
    '[object Object]',
    ',',
    ';',
    '=',
    'x'.repeat(300),
    'x'.repeat(17_000),
  ),
  fc.string({ maxLength: 40, unit: 'binary-ascii' }),
  fc.string({ maxLength: 40, unit: 'grapheme-ascii' }),
)
