import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import { isRefusal, refuse, type Refusal } from '../refusals.ts'
import { codePoints, invalid, isAbsent } from './option-reading.ts'
import type { CustomMeta } from './payload.ts'

/** In Unicode code points. Source: CONTRACT section 2, "Create". */
export const customMetaLimits = { identifier: 40, instruction: 280, blob: 1500 } as const

/** `custom_meta`: refuses with `optionInvalid` for a wrong type, `customMetaTooLong` for a field over its limit. */
export const checkCustomMeta = (value: Json | undefined): CustomMeta | Refusal => {
  if (isAbsent(value)) return { identifier: null, blob: null, instruction: null }
  if (!isJsonObject(value)) return invalid('custom_meta', 'an object')
  const identifier = checkText('identifier', value['identifier'])
  if (isRefusal(identifier)) return identifier
  const instruction = checkText('instruction', value['instruction'])
  if (isRefusal(instruction)) return instruction
  const blob = value['blob'] ?? null
  const refusal = checkBlob(blob)
  // an empty identifier identifies nothing
  return refusal ?? { identifier: identifier === '' ? null : identifier, blob: blob as JsonObject | null, instruction }
}

const checkText = (field: 'identifier' | 'instruction', value: Json | undefined): string | null | Refusal => {
  if (isAbsent(value)) return null
  if (typeof value !== 'string') return invalid(`custom_meta.${field}`, 'a string')
  return codePoints(value) > customMetaLimits[field] ? tooLong(field) : value
}

const checkBlob = (value: Json): Refusal | null => {
  if (value !== null && !isJsonObject(value)) return invalid('custom_meta.blob', 'an object')
  return codePoints(JSON.stringify(value)) > customMetaLimits.blob ? tooLong('blob') : null
}

const tooLong = (field: keyof typeof customMetaLimits): Refusal =>
  refuse('customMetaTooLong', `custom_meta.${field} may have ${customMetaLimits[field]} characters.`)
