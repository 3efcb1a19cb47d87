import type { IncomingMessage } from 'node:http'
import type { ReadClientAddress } from './client-address.ts'
import type { Allowance, RateLimit } from './rate-limit.ts'

/** How often one address may fail to authenticate, at all APIs together. */
export interface FailedAuthentications {
  readonly limit: RateLimit
  readonly readClientAddress: ReadClientAddress
}

/** How one caller stands. */
export interface Failures {
  readonly allowance: Allowance
  /** One more. */
  count(): void
}

/** Null when this caller may fail as often as it likes. */
export const failuresOf = (failed: FailedAuthentications | null, request: IncomingMessage): Failures | null => {
  if (failed === null) return null
  const { key, exempt } = failed.readClientAddress(request)
  return exempt ? null : { allowance: failed.limit.peek(key), count: () => void failed.limit.take(key) }
}
