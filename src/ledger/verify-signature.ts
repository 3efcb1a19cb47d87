import { isJsonObject, type Json } from '../json.ts'
import { refuse, type Refusal } from '../refusals.ts'
import { coSignatureClaims } from './co-signatures.ts'
import type { HeldSignature, SpeakingKey } from './held-signature.ts'
import type { MatchingTransaction } from './match-template.ts'
import { claimHolds, maxSigners, signatureClaims, type SignatureClaim } from './signature-claim.ts'
import { signingMessage } from './signing-message.ts'
import type { Template } from './template.ts'

/**
 * Check 2 for a transaction or a SignIn: every signature in it is valid for the key it names, and it is signed the way
 * that was asked for. A SignIn is signed like a transaction, over the fields it has.
 * Source: CONTRACT section 3; XRPL-Labs/Xaman-App, VaultOverlay.tsx; xrpl-accountlib, sign.
 *
 * The account it speaks for is its Delegate, if it has one: the ledger wants that account's keys, and a wallet may put
 * any Account beside it. Source: rippled, STTx.cpp (getInitiator).
 *
 * @param multisigner the account this wallet signed as in a multisignature; null for a single signature
 * @param template may have come with signatures of other signers; this wallet's must not be among them
 */
export const verifySignatures = (
  transaction: MatchingTransaction,
  multisigner: string | null,
  template: Template,
): HeldSignature | Refusal => {
  const { family, hex, hash, json } = transaction
  const claims = signatureClaims(json, (signer) => [signingMessage(json, family, signer)])
  if (claims === null) {
    return refuse('signatureInvalid', 'The blob must have either one signature or a list of signers.')
  }
  const own = claims.find((claim) => claim.signer === multisigner)
  if (own === undefined) return otherwiseSigned(claims, multisigner)
  if (multisigner !== null && earlierSigners(template).includes(multisigner)) {
    return refuse('multisignedInvalid', 'multisigned names an account whose signature came with the request.')
  }

  const account = json['Delegate'] ?? json['Account']
  if (typeof account !== 'string') return refuse('signatureInvalid', 'The blob does not say which account signed.')
  const coSigned = coSignatureClaims(transaction)
  if (coSigned === null || coSigned.length > maxSigners) {
    return refuse('signatureInvalid', 'The signatures of others in the blob are malformed or too many.')
  }
  if (![...claims, ...coSigned].every(claimHolds)) return refuse('signatureInvalid')

  const keyOf = (claim: SignatureClaim): SpeakingKey => ({ publicKey: claim.key, account: claim.signer ?? account })
  const keys: readonly SpeakingKey[] = claims.map(keyOf)
  const networkId = typeof json['NetworkID'] === 'number' ? json['NetworkID'] : null
  const shared = { hex, txid: hash, account, multisigned: multisigner !== null, networkId }
  return { ...shared, own: keyOf(own), keys } as HeldSignature
}

/** Accounts whose signatures came with the template. */
const earlierSigners = ({ json }: Template): readonly Json[] =>
  (Array.isArray(json['Signers']) ? json['Signers'] : []).flatMap((entry) => {
    const signer = isJsonObject(entry) ? entry['Signer'] : undefined
    return isJsonObject(signer) && signer['Account'] !== undefined ? [signer['Account']] : []
  })

const otherwiseSigned = (claims: readonly SignatureClaim[], multisigner: string | null): Refusal => {
  if (multisigner === null) {
    return refuse('signatureInvalid', 'One signature was asked for; the blob has a list of signers.')
  }
  const isSingle = claims.every((claim) => claim.signer === null)
  const why = isSingle ? 'The blob has no list of signers.' : 'multisigned is no signer of the blob.'
  return refuse('multisignedInvalid', why)
}
