import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** A secret that nobody guesses: 256 random bits in lower-case hex. */
export const newSecret = (): string => randomBytes(32).toString('hex')

/** Lower-case hex SHA-256; all that is kept of what a device proves itself with. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Compares in a time that tells nothing about where the two differ. */
export const isSame = (one: string, other: string): boolean => {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
