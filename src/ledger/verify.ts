import type { Refusal } from '../refusals.ts'
import type { Submission } from './submission.ts'
import type { Template } from './template.ts'
import type { VerifiedSignature } from './verified-signature.ts'

/** What a signature is held against: the part of a sign request that the ledger's rules need. */
export interface VerificationRequest {
  readonly template: Template
  readonly multisign: boolean
  readonly pathfinding: boolean
  /** Addresses of which one must sign; null when anyone may. */
  readonly signers: readonly string[] | null
  /** A key of the rails table. */
  readonly forceNetwork: string | null
}

export type Verdict =
  | { readonly verdict: 'verified'; readonly signature: VerifiedSignature }
  /** `kept` says what to keep of the refused blob; null when it does not decode. */
  | { readonly verdict: 'refused'; readonly refusal: Refusal; readonly kept: RefusedBlob | null }
  /** Everything else holds, but no ledger node said in time whether the key may speak for this account. */
  | { readonly verdict: 'unanswered'; readonly account: string }

export interface RefusedBlob {
  readonly txid: string | null
  readonly account: string | null
}

export interface Verifier {
  /** Never throws for anything a wallet sent. Takes at most the ledger node's time limit (5 s by default) and a little. */
  verify(request: VerificationRequest, submission: Submission): Promise<Verdict>
}
