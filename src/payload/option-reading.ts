import type { Json } from '../json.ts'
import { refuse, type Refusal } from '../refusals.ts'

/** The way options of a create request are read: null is as good as absent, and a wrong type or value is `optionInvalid`. */
export const invalid = (name: string, must: string): Refusal => refuse('optionInvalid', `${name} must be ${must}.`)

const truths: ReadonlyMap<Json, boolean> = new Map<Json, boolean>([
  [true, true],
  [1, true],
  ['true', true],
  [false, false],
  [0, false],
  ['false', false],
])

/** true and false, also written as 1 and 0, "true" and "false". */
export const readFlag = (name: string, value: Json | undefined, otherwise: boolean): boolean | Refusal =>
  isAbsent(value) ? otherwise : (truths.get(value) ?? invalid(name, 'true or false'))

export const isAbsent = (value: Json | undefined): value is null | undefined => value === null || value === undefined

/** How long a text is for people: in Unicode code points. */
export const codePoints = (text: string): number => Array.from(text).length
