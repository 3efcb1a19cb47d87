import type { Milliseconds } from '../clock.ts'
import type { JsonObject } from '../json.ts'
import type { SignMethod } from '../ledger/submission.ts'
import type { Template } from '../ledger/template.ts'
import type { VerifiedSignature } from '../ledger/verified-signature.ts'
import type { UserToken } from '../application/user-token.ts'

/** How a wallet came by the payload. Source: XRPL-Labs/Xaman-App, src/common/libs/payload/types.ts (PayloadOrigin). */
export const payloadOrigins = ['QR', 'DEEP_LINK', 'PUSH_NOTIFICATION', 'EVENT_LIST', 'XAPP', 'UNKNOWN'] as const
export type PayloadOrigin = (typeof payloadOrigins)[number]

/** What was asked for. Never changes after creation. */
export interface SignRequest {
  readonly template: Template
  readonly submit: boolean
  readonly multisign: boolean
  readonly pathfinding: boolean
  readonly pathfindingFallback: boolean
  /** A key of the rails table, `TESTNET` for one. */
  readonly forceNetwork: string | null
  readonly signers: readonly string[] | null
  readonly returnUrl: ReturnUrl
}

export interface ReturnUrl {
  readonly app: string | null
  readonly web: string | null
}

export interface CustomMeta {
  readonly identifier: string | null
  readonly blob: JsonObject | null
  readonly instruction: string | null
}

/** One device of one user has fetched the payload; the first of a user is that user's open. */
export interface Open {
  readonly userId: string
  readonly deviceId: string
  readonly at: Milliseconds
  readonly origin: PayloadOrigin
}

/** What a wallet said the ledger answered; a claim, kept per user until that user's signature is accepted. */
export interface DispatchReport {
  readonly userId: string
  readonly at: Milliseconds
  readonly to: string | null
  readonly nodeType: string | null
  readonly result: string | null
}

/** What a configured ledger node said became of the transaction, in a validated ledger; it beats the wallet's report. */
export interface LedgerAnswer {
  readonly at: Milliseconds
  /** The node, without what may be secret in its address. */
  readonly to: string
  readonly nodeType: string | null
  readonly result: string
}

interface Resolved {
  readonly at: Milliseconds
  readonly userId: string
  /** The API call that resolved it. */
  readonly callId: string
  readonly origin: PayloadOrigin
  /** The user's token for this application as of the resolution, if any. */
  readonly userToken: UserToken | null
}

export interface Signed extends Resolved {
  readonly kind: 'signed'
  readonly signature: VerifiedSignature
  readonly signMethod: SignMethod | null
  /** Where the wallet said it was connected. */
  readonly environment: Environment
}

/** Both are what the wallet reported; neither is ever dialled. */
export interface Environment {
  readonly nodeUri: string | null
  readonly nodeType: string | null
}

export interface Rejected extends Resolved {
  readonly kind: 'rejected'
  readonly initiator: 'USER' | 'APP' | null
  readonly reason: string | null
}

export type Outcome = Signed | Rejected

export interface Payload {
  /** UUID version 4, lower case. */
  readonly id: string
  readonly applicationId: string
  readonly request: SignRequest
  readonly customMeta: CustomMeta
  readonly createdAt: Milliseconds
  /** The end of the time to open it, as asked for at creation; see `expiry.ts` for what a cancellation does. */
  readonly expiresAt: Milliseconds
  /** The user it was pushed to, and whether that user alone may act. */
  readonly pushedTo: { readonly userId: string; readonly exclusive: boolean } | null
  /** In order of time. */
  readonly opens: readonly Open[]
  readonly preSignedAt: Milliseconds | null
  readonly cancelledAt: Milliseconds | null
  readonly outcome: Outcome | null
  /** At most one per user. */
  readonly dispatchReports: readonly DispatchReport[]
  readonly ledgerAnswer: LedgerAnswer | null
}
