import { isJsonObject, type Json } from '../json.ts'
import { CommandFailure } from './output.ts'

/** Header values by name in lower case; a name that came more than once has all of them. */
export type SavedHeaders = Readonly<Record<string, string | readonly string[]>>

/**
 * Reads headers as people save them: the JSON that a framework logs, or lines `name: value` as `curl -v` and browsers
 * show them, arrows and request line included.
 */
export const parseHeaderFile = (text: string): SavedHeaders => {
  const entries = text.trimStart().startsWith('{') ? jsonEntries(text) : lineEntries(text)
  if (entries.length === 0) throw new CommandFailure('--headers names a file without headers')
  const byName = Map.groupBy(entries, ([name]) => name.trim().toLowerCase())
  return Object.fromEntries(
    Array.from(byName, ([name, [first, ...others]]) => [
      name,
      others.length === 0 ? first![1] : [first!, ...others].map(([, value]) => value),
    ]),
  )
}

type Entry = readonly [name: string, value: string]

const jsonEntries = (text: string): Entry[] => {
  const headers = parsed(text)
  if (!isJsonObject(headers)) throw new CommandFailure('--headers names a file that begins like JSON, but is none')
  return Object.entries(headers).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value])
      .filter((one) => typeof one === 'string' || typeof one === 'number')
      .map((one): Entry => [name, String(one)]),
  )
}

const parsed = (text: string): Json => {
  try {
    return JSON.parse(text) as Json
  } catch {
    return null
  }
}

const lineEntries = (text: string): Entry[] =>
  Array.from(text.matchAll(/^(?:[<>] ?)?([\w-]+):[ \t]*(.*?)[ \t]*\r?$/gm), ([, name = '', value = '']) => [
    name,
    value,
  ])
