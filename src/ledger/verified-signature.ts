declare const verified: unique symbol

/** What `sign` of the lifecycle accepts and nothing else makes but the last step of verification (`verify.ts`). */
export interface VerifiedSignature {
  readonly [verified]: true
  /** Upper-case hex of the signed blob; of a PaymentChannelAuthorize the bare claim signature. */
  readonly hex: string
  /** Upper-case hex; null for a PaymentChannelAuthorize, which is no transaction. */
  readonly txid: string | null
  /** The account it speaks for. */
  readonly account: string
  /** The address of the key that signed. Differs from `account` for regular keys. */
  readonly signer: string
  /** Upper-case hex. */
  readonly signerPublicKey: string
  /** In a multisignature, the account among the signers that this wallet signed for. */
  readonly multisignAccount: string | null
}
