import { refuse, type Refusal } from '../refusals.ts'
import { isSame, sha256 } from './secret.ts'

/**
 * What a device proves itself with at every call: `Authorization: Bearer <accessToken>.<counter>.<hash>`, and a fourth
 * part once it used `refresh-token`. Source: XRPL-Labs/Xaman-App, src/services/ApiService.ts (generateAuthToken).
 */
export interface Bearer {
  readonly accessToken: string
  /** A positive safe integer that the device raises with every call. */
  readonly counter: number
  /** As it was sent; `provesDevice` says what it is worth. */
  readonly hash: string
  /** The fourth part. */
  readonly refreshHash: string | null
}

const form = /^Bearer ([^.\s]{1,128})\.([1-9][0-9]{0,15})\.([^.\s]{1,128})(?:\.([^.\s]{1,128}))?$/i

/** Refuses with `bearerMalformed`, a missing header included. */
export const parseBearer = (header: string | undefined): Bearer | Refusal => {
  const [, accessToken, counter, hash, refreshHash] = form.exec(header ?? '') ?? []
  if (accessToken === undefined || hash === undefined) return refuse('bearerMalformed')
  if (!Number.isSafeInteger(Number(counter))) return refuse('bearerMalformed')
  return { accessToken, counter: Number(counter), hash, refreshHash: refreshHash ?? null }
}

/** Whether the hash was made by the device with this identifier, for this counter. */
export const provesDevice = (bearer: Bearer, uniqueDeviceIdentifier: string): boolean =>
  isSame(bearer.hash, sha256(`${bearer.accessToken}${uniqueDeviceIdentifier}${bearer.counter}`))
