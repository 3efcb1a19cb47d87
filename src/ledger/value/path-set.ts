import { isJsonObject } from '../../json.ts'
import { readAccount } from './account.ts'
import { readCurrency } from './asset.ts'
import { clear, isUnclear, readElements, readMembers, unclear, type Reader } from './reading.ts'

/** What a step may name, and the bit that says so. Source: xrpl.org, "Serialization Format: PathSet Fields". */
const parts: Record<string, { readonly bit: number; readonly read: Reader }> = {
  account: { bit: 0x01, read: readAccount },
  currency: { bit: 0x10, read: readCurrency },
  issuer: { bit: 0x20, read: readAccount },
}

/** What path finding of a node writes beside the parts: the sum of their bits. It is not encoded, so it has to agree. */
const isSum = (name: string, value: unknown, bits: number): boolean =>
  name === 'type' ? value === bits : value === bits.toString(16).toUpperCase().padStart(16, '0')

const readStep: Reader = (value) => {
  if (!isJsonObject(value)) return unclear('has to be an object')
  const named = Object.keys(value).filter((name) => Object.hasOwn(parts, name))
  const bits = named.reduce((sum, name) => sum + parts[name]!.bit, 0)
  if (bits === 0) return unclear('has to name an account, a currency or an issuer')
  const stepParts = Object.fromEntries(named.map((name) => [name, value[name]!]))
  for (const [name, sum] of Object.entries(value)) {
    if (Object.hasOwn(parts, name)) continue
    if (name !== 'type' && name !== 'type_hex') return unclear('may name an account, a currency and an issuer only')
    if (!isSum(name, sum, bits)) return unclear(`has a ${name} that does not fit its other members`)
  }
  const reading = readMembers(stepParts, (name) => parts[name]!.read)
  return isUnclear(reading) ? reading : clear({ ...value, ...(reading.json as object) }, reading.meaning)
}

const readPath: Reader = (value) =>
  Array.isArray(value) && value.length > 0 ? readElements(value, readStep) : unclear('has to be an array of steps')

/** An empty set has no encoding; the codec would write half of one. */
export const readPathSet: Reader = (value) =>
  Array.isArray(value) && value.length > 0
    ? readElements(value, readPath)
    : unclear('has to be an array of paths, or left out')
