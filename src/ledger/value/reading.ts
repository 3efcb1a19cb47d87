import { isJsonObject, type Json, type JsonObject } from '../../json.ts'

/**
 * What comes of reading a value that a person wrote.
 *
 * The codec is lenient: of "12 or so" it makes 12, of "asfRequireAuth" 0, of a misspelt currency another one. So every
 * value is read strictly first, into a meaning: one form for everything that says the same. After a trip through the
 * codec it is read again, and has to mean what it meant (`encode-faithfully.ts`).
 */
export type Reading = Clear | Unclear

export interface Clear {
  /** As the codec, ours and the wallet's, takes it; what was written, wherever that will do. */
  readonly json: Json
  /** Equal for two values exactly when they say the same. */
  readonly meaning: Json
}

export interface Unclear {
  /** Where in the value the trouble is, `[0].Memo.MemoData` for one; empty for the value itself. */
  readonly at: string
  /** What follows the name of the place in a sentence: "has to be …". */
  readonly trouble: string
}

export type Reader = (value: Json) => Reading

export const clear = (json: Json, meaning: Json = json): Clear => ({ json, meaning })
export const unclear = (trouble: string): Unclear => ({ at: '', trouble })
export const isUnclear = (reading: Reading): reading is Unclear => 'trouble' in reading

/** Names are a stranger's; a long one would drown the sentence. */
const shown = (name: string): string => (name.length > 64 ? `${name.slice(0, 64)}…` : name)

/** The trouble with a member, told from its owner's side. */
export const within = (place: string | number, { at, trouble }: Unclear): Unclear => ({
  at: `${typeof place === 'number' ? `[${place}]` : shown(place)}${at === '' || at.startsWith('[') ? '' : '.'}${at}`,
  trouble,
})

/** Reads every element by the same rule. */
export const readElements = (values: readonly Json[], read: Reader): Reading => {
  const readings: Clear[] = []
  for (const [index, value] of values.entries()) {
    const reading = read(value)
    if (isUnclear(reading)) return within(index, reading)
    readings.push(reading)
  }
  return clear(
    readings.map(({ json }) => json),
    readings.map(({ meaning }) => meaning),
  )
}

/** Reads each member by its own rule. */
export const readMembers = (object: JsonObject, readerOf: (name: string) => Reader): Reading => {
  const json: JsonObject = {}
  const meaning: JsonObject = {}
  for (const [name, value] of Object.entries(object)) {
    const reading = readerOf(name)(value)
    if (isUnclear(reading)) return within(name, reading)
    json[name] = reading.json
    meaning[name] = reading.meaning
  }
  return clear(json, meaning)
}

/** True for an object that has exactly these keys. */
export const hasKeys = (value: Json, ...keys: readonly string[]): value is JsonObject =>
  isJsonObject(value) && Object.keys(value).length === keys.length && keys.every((key) => Object.hasOwn(value, key))
