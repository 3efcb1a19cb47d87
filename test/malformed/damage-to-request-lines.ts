import fc from 'fast-check'
import { damage } from './damage.ts'
import { nastyText } from './nasty-values.ts'

const encoders: readonly ((text: string) => string)[] = [
  (text) => encodeURIComponent(text.toWellFormed()),
  // each UTF-16 unit as two bytes, which is no UTF-8
  (text) => [...Buffer.from(text, 'utf16le')].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  (text) => text.replaceAll(/[^!-~]/g, ''),
]

const part = fc.oneof(
  fc.constantFrom(
    '',
    '.',
    '..',
    '%2e%2e',
    '%2f',
    '..%2f..%2fetc%2fpasswd',
    '%',
    '%z',
    '%zz',
    '%00',
    '%ED%A0%80',
    '%C0%AE',
    '%F5%80%80%80',
    '%u0000',
    '\\',
    '\u00ff',
    ';x=1',
    ':id',
    '*',
    '(.*)',
    'a'.repeat(1025),
    '%41'.repeat(2000),
    'a'.repeat(15_000),
  ),
  fc.tuple(fc.constantFrom(...encoders), nastyText).map(([encode, text]) => encode(text).slice(0, 20_000)),
)

const endings = ['x', '0', '%00', '%20', '-', '.png', '_q.png', '_x.png', '_q.gif', '_q.png.png']
const queries = [
  '',
  '?',
  'from',
  'from=QR&from=QR',
  'from[]=QR',
  '__proto__=x',
  '%',
  '%00=%00',
  'limit=1e9&before=%00&state=%00&payload=%00&application=%00',
  'limit=-1',
  'before=x',
  'state=__proto__',
  '%ED%A0%80',
  '&&&=&',
  '#',
  'a'.repeat(16_500),
  'a=b&'.repeat(3000),
]

export const damageToTargets = fc.oneof(
  damage('asks for', fc.tuple(fc.constantFrom(-1, -2), part), (request, [index, other]) => ({
    ...request,
    path: request.path.with(Math.max(index, 1 - request.path.length), other),
  })),
  damage('goes on to', fc.array(part, { minLength: 1, maxLength: 3 }), (request, more) => ({
    ...request,
    path: [...request.path, ...more],
  })),
  damage('ends in', fc.constantFrom(...endings), (request, ending) => ({
    ...request,
    path: request.path.with(-1, `${request.path.at(-1)}${ending}`),
  })),
  damage(
    'queries',
    fc.oneof(
      fc.constantFrom(...queries),
      fc.string({ maxLength: 30, unit: 'grapheme-ascii' }).map((text) => text.replaceAll(' ', '+')),
    ),
    (request, query) => ({ ...request, query: `?${query}` }),
  ),
)

const methods = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'CONNECT',
  'QUERY',
  'get',
  'FOO',
  '',
]
const versions = ['HTTP/1.0', 'HTTP/0.9', 'HTTP/2.0', 'HTTP/9.9', 'HTTPS/1.1', 'RTSP/1.0', '']

export const damageToRequestLines = fc.oneof(
  damage('uses the method', fc.constantFrom(...methods), (request, method) => ({ ...request, method })),
  damage('speaks', fc.constantFrom(...versions), (request, version) => ({ ...request, version })),
)
