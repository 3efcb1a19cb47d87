import type { Milliseconds } from '../clock.ts'

/** A user's permission for one application to push sign requests to them. */
export interface UserToken {
  /** UUID version 4, lower case. */
  readonly token: string
  readonly issuedAt: Milliseconds
  readonly expiresAt: Milliseconds
}

/** 30 days from the last signature. Source: CONTRACT section 3. */
export const userTokenLifetime: Milliseconds = 30 * 24 * 60 * 60 * 1000

/**
 * The token after a signature that grants push: the known one extended, or a new one.
 *
 * @param known what the user granted this application before, expired or not
 * @param fresh a random UUID, used when nothing was granted before
 */
export const grantUserToken = (known: UserToken | null, fresh: string, now: Milliseconds): UserToken => ({
  token: known?.token ?? fresh,
  issuedAt: known?.issuedAt ?? now,
  expiresAt: now + userTokenLifetime,
})

/** The token if it is still worth something. */
export const validUserToken = (token: UserToken | null, now: Milliseconds): UserToken | null =>
  token !== null && now < token.expiresAt ? token : null
