import type { Definitions, FieldLayout } from './definitions.ts'
import { fieldByOrdinal } from './definitions.ts'

/**
 * A walk over the bytes of a serialised object that looks at structure only: fields are known, lengths add up, objects
 * and arrays are closed, and there are not too many of either.
 *
 * It is what makes a stranger's blob safe to give to the codec, which copies the rest of the blob at every read: 64 KB
 * of empty memos would keep it busy for two seconds. Whether the encoding is the canonical one is not asked here.
 *
 * Source of the format: xrpl.org, "Serialization Format".
 */

/** As many as fit a request body as hex. The largest real ones carry some 64 KiB, of a hook's code or an import's proof. */
export const maxBlobBytes = 128 * 1024
/** Of all depths together, steps of paths and elements of vectors counted in. A SetHook filled to the brim has some 800. */
export const maxBlobFields = 1024
/** Objects and arrays within each other. Source: XRPLF/rippled, STVar.cpp, which refuses more than 10. */
export const maxBlobDepth = 10

const endOfObject = 0xe1
const endOfArray = 0xf1

interface Scan {
  readonly bytes: Uint8Array
  readonly definitions: Definitions
  at: number
  fields: number
}

/** Counts what the codec will read one by one; false when it is too many. */
const count = (scan: Scan, more = 1): boolean => {
  scan.fields += more
  return scan.fields <= maxBlobFields
}

/** Each of these moves on past what it is named for, and says whether that was there. */
type Skip = (scan: Scan, depth: number) => boolean

const skip = (scan: Scan, bytes: number): boolean => {
  scan.at += bytes
  return scan.at <= scan.bytes.length
}

const readByte = (scan: Scan): number => scan.bytes[scan.at++] ?? Number.NaN

const skipVariableLength: Skip = (scan) => {
  const first = readByte(scan)
  if (first <= 192) return skip(scan, first)
  if (first <= 240) return skip(scan, 193 + (first - 193) * 256 + readByte(scan))
  if (first <= 254) return skip(scan, 12481 + (first - 241) * 65536 + readByte(scan) * 256 + readByte(scan))
  return false
}

/** Issued currencies have the first bit set, of the others multi-purpose tokens the third. */
const skipAmount: Skip = (scan) => {
  const first = scan.bytes[scan.at] ?? Number.NaN
  return skip(scan, first & 0x80 ? 48 : first & 0x20 ? 33 : 8)
}

const startsWith = (scan: Scan, prefix: Uint8Array): boolean =>
  prefix.every((byte, index) => scan.bytes[scan.at + index] === byte)

const noCurrency = new Uint8Array(20)
const noAccount = Uint8Array.from({ length: 20 }, (_, index) => (index === 19 ? 1 : 0))

/** The native asset is 20 zero bytes; a multi-purpose token has no account in the place of an issuer, then a sequence. */
const skipIssue: Skip = (scan) => {
  if (startsWith(scan, noCurrency)) return skip(scan, 20)
  if (!skip(scan, 20)) return false
  return skip(scan, startsWith(scan, noAccount) ? 24 : 20)
}

/** Twice a door account with its length, and an issue. */
const skipBridge: Skip = (scan, depth) =>
  skip(scan, 21) && skipIssue(scan, depth) && skip(scan, 21) && skipIssue(scan, depth)

const skipPathSet: Skip = (scan) => {
  for (;;) {
    if (!count(scan)) return false
    const step = readByte(scan)
    if (step === 0x00) return true
    if (step === 0xff) continue
    const parts = (step & 0x01 ? 1 : 0) + (step & 0x10 ? 1 : 0) + (step & 0x20 ? 1 : 0)
    if (parts === 0 || !skip(scan, 20 * parts)) return false
  }
}

const readFieldHeader = (scan: Scan): FieldLayout | undefined => {
  const first = readByte(scan)
  const type = first >> 4 || readByte(scan)
  const nth = first & 15 || readByte(scan)
  return fieldByOrdinal(scan.definitions, (type << 16) | nth)
}

const widths: Readonly<Record<string, number>> = {
  UInt8: 1,
  UInt16: 2,
  UInt32: 4,
  UInt64: 8,
  Int32: 4,
  Hash128: 16,
  Hash160: 20,
  Hash192: 24,
  Hash256: 32,
  Number: 12,
  Currency: 20,
}

const skipFields = (scan: Scan, depth: number, end: number | null, only: string | null): boolean => {
  if (depth > maxBlobDepth) return false
  while (scan.at < scan.bytes.length) {
    const next = scan.bytes[scan.at]
    if (next === end) return skip(scan, 1)
    if (next === endOfObject || next === endOfArray) return false
    const field = readFieldHeader(scan)
    if (!count(scan) || field === undefined || (only !== null && field.type.name !== only)) return false
    if (!skipValue(scan, field, depth)) return false
  }
  return end === null && scan.at === scan.bytes.length
}

const nested: Readonly<Record<string, Skip>> = {
  Amount: skipAmount,
  Issue: skipIssue,
  XChainBridge: skipBridge,
  PathSet: skipPathSet,
  STObject: (scan, depth) => skipFields(scan, depth + 1, endOfObject, null),
  STArray: (scan, depth) => skipFields(scan, depth + 1, endOfArray, 'STObject'),
}

const skipValue = (scan: Scan, field: FieldLayout, depth: number): boolean => {
  const type = field.type.name
  const start = scan.at
  if (type === 'Vector256') return skipVariableLength(scan, depth) && count(scan, (scan.at - start) >> 5)
  if (field.isVariableLengthEncoded) return skipVariableLength(scan, depth)
  const width = widths[type]
  return width === undefined ? (nested[type]?.(scan, depth) ?? false) : skip(scan, width)
}

/** True when the bytes have the structure of one object and stay within the bounds above. */
export const isBoundedObject = (bytes: Uint8Array, definitions: Definitions): boolean =>
  bytes.length <= maxBlobBytes && skipFields({ bytes, definitions, at: 0, fields: 0 }, 0, null, null)
