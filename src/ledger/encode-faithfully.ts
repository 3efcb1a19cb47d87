import { isDeepStrictEqual } from 'node:util'
import type { JsonObject } from '../json.ts'
import { decodeFields, encodeFields } from './decode.ts'
import { definitionsOf } from './definitions.ts'
import type { LedgerFamily } from './template.ts'
import { readObject } from './value/object.ts'
import { isUnclear, type Unclear } from './value/reading.ts'

/** What the codec makes of fields on the way to bytes and back; null when it refuses them, or they are too many. */
export const roundTrip = (fields: JsonObject, family: LedgerFamily): JsonObject | null => {
  const hex = encodeFields(fields, family)
  // a plain SignIn asks for nothing, which encodes to nothing
  return hex === '' ? {} : hex === null ? null : decodeFields(hex, family)
}

/**
 * The fields in a form that our codec and the wallet's take, proven to be encoded as what they say; or the first of which
 * that cannot be said.
 */
export const encodeFaithfully = (fields: JsonObject, family: LedgerFamily): { readonly json: JsonObject } | Unclear => {
  const read = readObject(definitionsOf(family))
  const written = read(fields)
  if (isUnclear(written)) return written
  const json = written.json as JsonObject
  const encoded = roundTrip(json, family)
  if (encoded === null) {
    const guilty = Object.entries(json).find(([name, value]) => roundTrip({ [name]: value }, family) === null)
    return { at: guilty?.[0] ?? '', trouble: 'cannot be encoded' }
  }
  const result = read(encoded)
  if (isUnclear(result)) return result
  const [meant, kept] = [written.meaning as JsonObject, result.meaning as JsonObject]
  const changed = Object.keys({ ...meant, ...kept }).find((name) => !isDeepStrictEqual(meant[name], kept[name]))
  return changed === undefined ? { json } : { at: changed, trouble: 'would be encoded as something else' }
}
