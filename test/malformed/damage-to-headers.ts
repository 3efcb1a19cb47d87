import fc from 'fast-check'
import { damage, withHeader, withoutHeader } from './damage.ts'
import { nastyHeader } from './nasty-values.ts'
import type { Header } from './raw-http.ts'
import type { Asked } from './valid-requests.ts'

const inChunks = (request: Asked, body: string | Buffer, coding = 'chunked'): Asked => ({
  ...withHeader(withoutHeader(request, 'Content-Length'), 'Transfer-Encoding', coding),
  body: Buffer.from(body),
  hangsUp: true,
})

const chunked = (body: Buffer): Buffer =>
  body.length === 0
    ? Buffer.from('0\r\n\r\n')
    : Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n0\r\n\r\n')])

const lengths = ['-1', '0', '1', '1.5', '0x10', '99999', '1e3', '9007199254740993', '', 'x', '1, 2', '+3']
const codings = ['chunked', 'gzip', 'chunked, chunked', 'identity', 'gzip, chunked', 'CHUNKED', 'chunked;q=1']
const badChunks = [
  'ZZ\r\nabc\r\n',
  '5\r\nabc',
  '-1\r\n\r\n',
  'FFFFFFFFFFFFFFFFF\r\n',
  '3\nabc\n0\n\n',
  '3;x=\0\r\nabc\r\n0\r\n\r\n',
]

/** How long the body is said to be, and in which pieces it comes. */
export const damageToFraming = fc.oneof(
  damage('announces a length of', fc.constantFrom(...lengths), (request, length) => ({
    ...withHeader(request, 'Content-Length', length),
    hangsUp: true,
  })),
  damage('transfers by', fc.constantFrom(...codings), (request, coding) =>
    inChunks(request, chunked(request.body), coding),
  ),
  damage('sends chunks', fc.constantFrom(...badChunks), (request, chunks) => inChunks(request, chunks)),
  damage('tells two lengths', fc.constant('chunked'), (request, coding) => ({
    ...withHeader(request, 'Transfer-Encoding', coding),
    hangsUp: true,
  })),
)

const credentialHeaders = ['Authorization', 'x-api-key', 'x-api-secret'] as const
const otherHeaders = [
  'Accept',
  'Accept-Encoding',
  'Connection',
  'Content-Encoding',
  'Content-Type',
  'Cookie',
  'Expect',
  'Host',
  'If-None-Match',
  'Origin',
  'Range',
  'TE',
  'X-Forwarded-For',
  'X-Forwarded-Host',
  'X-HTTP-Method-Override',
  'X-Xaman-Digest',
  'x-call-ref',
  'request-id',
] as const

/** Also as counters, which end at 2^53 - 1. */
const credentialPart = fc.oneof(
  fc.constantFrom(
    '',
    '0',
    '-1',
    '1.5',
    '01',
    '1e3',
    '9007199254740991',
    '9007199254740992',
    '99999999999999999999',
    '__proto__',
    '\u00ff',
    'x'.repeat(129),
    'ab'.repeat(32),
  ),
  fc.nat().map(String),
)

const changing = (request: Asked, name: string, change: (value: string) => string): Asked => ({
  ...request,
  headers: request.headers.map(([known, value]): Header => [known, known === name ? change(value) : value]),
})

export const damageToHeaders = fc.oneof(
  damage('sets', fc.tuple(fc.constantFrom(...credentialHeaders, ...otherHeaders), nastyHeader), (request, header) =>
    withHeader(request, ...header),
  ),
  damage('leaves out', fc.constantFrom(...credentialHeaders, 'Host', 'Content-Type'), withoutHeader),
  damage('repeats', fc.constantFrom(...credentialHeaders, 'Host', 'Content-Length'), (request, name) => ({
    ...request,
    headers: [...request.headers, ...request.headers.filter(([known]) => known === name)],
  })),
  damage(
    'spoils a part of',
    fc.tuple(fc.constantFrom(...credentialHeaders), fc.nat(), credentialPart),
    (request, [name, index, part]) =>
      changing(request, name, (value) => {
        const parts = value.split('.')
        return parts.with(index % parts.length, part).join('.')
      }),
  ),
  damage('adds to', fc.tuple(fc.constantFrom(...credentialHeaders), credentialPart), (request, [name, part]) =>
    changing(request, name, (value) => `${value}.${part}`),
  ),
  damage(
    'has a header',
    fc.constantFrom('', ' ', 'a b', 'a:b', '__proto__', 'constructor', '\u00e9', '\0'),
    (request, name) => withHeader(request, name, 'x'),
  ),
  damage('asks to upgrade to', fc.constantFrom('websocket', 'h2c', 'x', ''), (request, protocol) => ({
    ...withHeader(withHeader(request, 'Connection', 'Upgrade, HTTP2-Settings'), 'Upgrade', protocol),
    hangsUp: true,
  })),
  damage('has more headers', fc.constantFrom(10, 500, 3000), (request, count) => ({
    ...request,
    headers: [...request.headers, ...Array.from({ length: count }, (_, n): Header => [`x-${n}`, 'y'])],
  })),
)
