import { isJsonObject, type Json, type JsonObject } from '../../src/json.ts'

/** A way from the root of a JSON value to one inside it. */
export type Place = readonly (string | number)[]

/** Nobody looks deeper than this for a place. */
const deepest = 16

/** Every place in the value, the root first. */
export const placesIn = (value: Json, at: Place = []): Place[] => {
  if (at.length === deepest) return [at]
  const children: [string | number, Json][] = Array.isArray(value)
    ? [...value.entries()]
    : isJsonObject(value)
      ? Object.entries(value)
      : []
  return [at, ...children.flatMap(([key, held]) => placesIn(held, [...at, key]))]
}

/** The value with another in one place; undefined takes it away. A key `__proto__` stays a member like any other. */
export const replaceAt = (
  value: Json,
  [key, ...rest]: Place,
  by: (held: Json) => Json | undefined,
): Json | undefined => {
  if (key === undefined) return by(value)
  const change = (held: Json): Json | undefined => replaceAt(held, rest, by)
  if (Array.isArray(value)) {
    return value.map((held, index) => (index === key ? change(held) : held)).filter((held) => held !== undefined)
  }
  const changed = Object.entries(value as JsonObject).map(([name, held]) => [name, name === key ? change(held) : held])
  return Object.fromEntries(changed.filter(([, held]) => held !== undefined)) as JsonObject
}

export const withMember = (object: JsonObject, name: string, value: Json): JsonObject =>
  Object.fromEntries([...Object.entries(object), [name, value]])

/** The value with one member of an object under another name. */
export const renameAt = (value: Json, place: Place, to: string): Json => {
  const name = place.at(-1)
  if (typeof name !== 'string') return value
  const renamed = (object: Json): Json =>
    Object.fromEntries(Object.entries(object as JsonObject).map(([key, held]) => [key === name ? to : key, held]))
  return replaceAt(value, place.slice(0, -1), renamed) ?? null
}

export const valueAt = (value: Json, place: Place): Json =>
  place.reduce<Json>((held, key) => (held as Record<string | number, Json>)[key]!, value)

/** The value with a text in one place, in every way there is: in the text there, in its key, in a member more. */
export const spoilAt = (value: Json, place: Place, text: string): Json[] => {
  const [held, key] = [valueAt(value, place), place.at(-1)]
  const instead = [
    ...(typeof held === 'string' ? [held + text] : []),
    ...(isJsonObject(held) ? [withMember(held, 'ignored', [text]), withMember(held, `ignored${text}`, 1)] : []),
  ]
  return [
    ...instead.map((other) => replaceAt(value, place, () => other) ?? null),
    ...(typeof key === 'string' ? [renameAt(value, place, `${key}${text}`)] : []),
  ]
}
