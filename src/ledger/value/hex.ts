import { clear, readElements, unclear, type Reader } from './reading.ts'

const isHex = (text: string): boolean => /^(?:[0-9a-fA-F]{2})*$/.test(text)

/** Any number of bytes. */
export const readBlob: Reader = (value) =>
  typeof value === 'string' && isHex(value)
    ? clear(value, value.toUpperCase())
    : unclear('has to be an even number of hex digits')

/** Exactly so many bytes. */
export const readHash =
  (bytes: number): Reader =>
  (value) =>
    typeof value === 'string' && value.length === 2 * bytes && isHex(value)
      ? clear(value, value.toUpperCase())
      : unclear(`has to be ${2 * bytes} hex digits`)

const none128 = '0'.repeat(32)

/** The codec writes a hash of 128 bits that is all zeros as no digits at all, and reads it so: it takes EmailHash away. */
export const readHash128: Reader = (value) => (value === '' ? clear(value, none128) : readHash(16)(value))

export const readHashes: Reader = (value) =>
  Array.isArray(value) ? readElements(value, readHash(32)) : unclear('has to be an array of hashes')
