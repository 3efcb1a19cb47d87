/** Source: XRPL-Labs/Xaman-App, src/common/libs/payload/types.ts (PatchSuccessType). */
export const signMethods = ['PIN', 'BIOMETRIC', 'PASSPHRASE', 'TANGEM', 'OTHER'] as const
export type SignMethod = (typeof signMethods)[number]

/** What a wallet sends to have a signature accepted; nothing in it is checked yet. */
export interface Submission {
  /** As it was sent; hex of a transaction, or of a PaymentChannelAuthorize the bare claim signature. */
  readonly signedBlob: string
  /** `tx_id` as it was sent; null when absent. */
  readonly txid: string | null
  readonly signMethod: SignMethod | null
  readonly signerPublicKey: string | null
  /** The account that signed for another in a multisignature; null when absent or empty. */
  readonly multisigned: string | null
  /** Where the wallet was connected; both are its claim, never dialled. */
  readonly nodeUri: string | null
  readonly nodeType: string | null
}
