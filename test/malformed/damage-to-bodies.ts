import fc from 'fast-check'
import { bodyLimit } from '../../src/http/json-body.ts'
import { isJsonObject, type Json } from '../../src/json.ts'
import { damage, pick, withBody } from './damage.ts'
import { placesIn, renameAt, replaceAt, withMember } from './json-places.ts'
import { nastyJson, nastyKey } from './nasty-values.ts'
import type { Asked } from './valid-requests.ts'

const jsonOf = ({ body }: Asked): Json => {
  try {
    const json = JSON.parse(body.toString()) as Json
    // too deep a value can be read, but not written again
    JSON.stringify(json)
    return json
  } catch {
    return {}
  }
}

export const withJson = (request: Asked, json: Json | undefined): Asked =>
  withBody(request, Buffer.from(json === undefined ? '' : JSON.stringify(json)))

/** A value, a key or a member of the JSON is not what it should be. */
export const damageToJson = fc.oneof(
  damage('puts in', fc.tuple(fc.nat(), nastyJson), (request, [index, value]) => {
    const json = jsonOf(request)
    return withJson(
      request,
      replaceAt(json, pick(placesIn(json), index), () => value),
    )
  }),
  damage('takes away', fc.nat(), (request, index) => {
    const json = jsonOf(request)
    return withJson(
      request,
      replaceAt(json, pick(placesIn(json), index), () => undefined),
    )
  }),
  damage('renames', fc.tuple(fc.nat(), nastyKey), (request, [index, name]) => {
    const json = jsonOf(request)
    return withJson(request, renameAt(json, pick(placesIn(json), index), name))
  }),
  damage('adds', fc.tuple(fc.nat(), nastyKey, nastyJson), (request, [index, name, value]) => {
    const json = jsonOf(request)
    const added = (held: Json): Json => (isJsonObject(held) ? withMember(held, name, value) : [held, value])
    return withJson(request, replaceAt(json, pick(placesIn(json), index), added))
  }),
)

const noJson = [
  '{',
  '}',
  '"',
  'null',
  '{"a":1,}',
  "{'a':1}",
  '{"a":NaN}',
  '{"a":1e999}',
  '{"a":01}',
  '{"a":1}{"a":1}',
  '\ufeff{}',
  '// no\n{}',
  'a=1&b=2',
  '<xml/>',
  '['.repeat(100_000),
  `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`,
  '{"__proto__":{"admin":true}}',
  `{"a":${'9'.repeat(100_000)}}`,
]

/** What comes is not JSON in UTF-8, or is too much. */
export const damageToBytes = fc.oneof(
  damage('cuts at', fc.nat(), (request, at) =>
    withBody(request, request.body.subarray(0, at % (request.body.length + 1))),
  ),
  damage('writes in', fc.tuple(fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 8 })), (request, [index, bytes]) => {
    const at = index % (request.body.length + 1)
    return withBody(request, Buffer.concat([request.body.subarray(0, at), bytes, request.body.subarray(at)]))
  }),
  damage('pads to', fc.constantFrom(bodyLimit, bodyLimit + 1, 2 * bodyLimit), (request, length) =>
    withBody(request, Buffer.concat([request.body, Buffer.alloc(Math.max(0, length - request.body.length), ' ')])),
  ),
  damage('sends', fc.constantFrom(...noJson), (request, text) => withBody(request, Buffer.from(text))),
  damage('sends bytes', fc.uint8Array({ maxLength: 64 }), (request, bytes) => withBody(request, Buffer.from(bytes))),
  damage('encodes as', fc.constantFrom('utf16le' as const, 'base64' as const), (request, encoding) =>
    withBody(request, Buffer.from(Buffer.from(request.body.toString(), 'utf16le').toString(encoding))),
  ),
)
