import type { PublicKey } from './public-key.ts'

declare const held: unique symbol

/**
 * A signature of which everything is shown that can be shown without a ledger: it is the template that was signed, and
 * every signature in it is valid for the key it names. Whether the keys may speak is still open (`key-authority.ts`).
 */
export interface HeldSignature {
  readonly [held]: true
  /** Upper-case hex of the signed blob; of a PaymentChannelAuthorize the bare claim signature. */
  readonly hex: string
  /** Upper-case hex; null for a PaymentChannelAuthorize. */
  readonly txid: string | null
  /** The account it speaks for. */
  readonly account: string
  /** The key of the wallet that sent it. */
  readonly own: SpeakingKey
  /** Every key that signed for the account, this wallet's included. */
  readonly keys: readonly SpeakingKey[]
  readonly multisigned: boolean
  /** The blob's own, if it has one. */
  readonly networkId: number | null
}

export interface SpeakingKey {
  readonly publicKey: PublicKey
  /** The account it signed as: the one of the transaction, in a multisignature a signer's. */
  readonly account: string
}
