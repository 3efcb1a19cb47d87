import { encode, encodeForMultisigning, encodeForSigning, encodeForSigningClaim } from 'ripple-binary-codec'
import type { JsonObject } from '../json.ts'
import { definitionsOf } from './definitions.ts'
import type { LedgerFamily } from './template.ts'

/**
 * What the sender of a transaction signs: hex of a prefix and of every field that is no signature.
 *
 * @param signer in a multisignature, the account that is signed as; null for a single signature
 * @throws Error when the codec cannot encode it
 */
export const signingMessage = (transaction: JsonObject, family: LedgerFamily, signer: string | null): string =>
  signer === null
    ? encodeForSigning(transaction, definitionsOf(family))
    : encodeForMultisigning(transaction, signer, definitionsOf(family))

/** What is signed for a PaymentChannelAuthorize: its channel and its amount of drops. */
export const claimMessage = ({ Channel: channel, Amount: amount }: JsonObject): string =>
  encodeForSigningClaim({ channel, amount })

/** The blob of a signed transaction, in upper-case hex. */
export const encodeTransaction = (transaction: JsonObject, family: LedgerFamily): string =>
  encode(transaction, definitionsOf(family))
