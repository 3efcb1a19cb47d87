import { refuse, type Refusal } from '../refusals.ts'
import type { HeldSignature, SpeakingKey } from './held-signature.ts'
import { addressOf, parsePublicKey } from './public-key.ts'
import { signatureHolds } from './signature.ts'
import { claimMessage } from './signing-message.ts'
import type { Submission } from './submission.ts'
import type { Template } from './template.ts'

/**
 * Checks 1, 2 and 4 for a PaymentChannelAuthorize. There is no transaction: the wallet sends the bare signature over the
 * channel and the amount that were asked for, and the key beside it. It speaks for the key's own address.
 * Source: CONTRACT section 3; xrpl-accountlib, sign ("SignedPayChanAuth").
 */
export const verifyClaim = (template: Template, submission: Submission): HeldSignature | Refusal => {
  if (!/^([0-9A-F]{2})+$/i.test(submission.signedBlob)) return refuse('blobUndecodable', 'signed_blob is no hex.')
  if (submission.txid !== null && submission.txid !== '') {
    return refuse('transactionIdMismatch', 'A PaymentChannelAuthorize has no tx_id.')
  }
  const publicKey = parsePublicKey(submission.signerPublicKey)
  if (publicKey === null) return refuse('signatureInvalid', 'signpubkey must be the public key that signed.')
  const message = Buffer.from(claimMessage(template.json), 'hex')
  const signature = Buffer.from(submission.signedBlob, 'hex')
  if (!signatureHolds(message, signature, publicKey)) return refuse('signatureInvalid')

  const own: SpeakingKey = { publicKey, account: addressOf(publicKey) }
  const keys: readonly SpeakingKey[] = [own]
  const hex = submission.signedBlob.toUpperCase()
  const shared = { hex, txid: null, account: own.account, multisigned: false, networkId: null }
  return { ...shared, own, keys } as HeldSignature
}
