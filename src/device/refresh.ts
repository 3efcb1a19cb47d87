import { isSame, sha256 } from './secret.ts'

/**
 * The hashes that `refresh-token` gave to a device, each the fourth part of its bearer until the next replaces it.
 *
 * The last but one stays good until the last is used for the first time, since the answer that brought the last may have
 * been lost, or calls with the last but one may still be on their way. Only digests (SHA-256) are kept.
 */
export interface RefreshHashes {
  readonly last: string | null
  readonly lastButOne: string | null
  /** Whether any was ever used: from then on a bearer without a fourth part is refused. */
  readonly used: boolean
}

export const noRefreshHashes: RefreshHashes = { last: null, lastButOne: null, used: false }

/** The hashes after one more was given out. */
export const giveRefreshHash = (hashes: RefreshHashes, fresh: string): RefreshHashes => ({
  ...hashes,
  last: sha256(fresh),
  lastButOne: hashes.last,
})

/** The hashes after a bearer with this fourth part (or none, when null) was used; null when it is not good. */
export const useRefreshHash = (hashes: RefreshHashes, presented: string | null): RefreshHashes | null => {
  if (presented === null) return hashes.used ? null : hashes
  const digest = sha256(presented)
  if (hashes.last !== null && isSame(digest, hashes.last)) return { ...hashes, lastButOne: null, used: true }
  if (hashes.lastButOne !== null && isSame(digest, hashes.lastButOne)) return { ...hashes, used: true }
  return null
}
