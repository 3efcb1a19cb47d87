import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import { parsePublicKey, type PublicKey } from './public-key.ts'
import { signatureHolds } from './signature.ts'

/** That a key signed a transaction, as some object in it says; not checked yet. */
export interface SignatureClaim {
  /** In a multisignature, the account that this signer signed as; null for a single signature. */
  readonly signer: string | null
  readonly key: PublicKey
  readonly signature: Buffer
  readonly messagesFor: MessagesFor
}

/**
 * What a signature is made over, in hex: one text for each way a ledger may read it. Of several it is enough that one
 * holds, since it depends on a ledger's amendments which one it demands.
 */
export type MessagesFor = (signer: string | null) => readonly string[]

/** rippled's limit for one multisignature. Source: rippled, STTx.h (maxMultiSigners). */
export const maxSigners = 32

/**
 * The signatures that one object carries: its own (SigningPubKey and TxnSignature), or with an empty SigningPubKey those
 * of its Signers. Null when it has both, none or a malformed one, and when a signer is there twice.
 *
 * Signers need not be sorted, although the ledger demands it: the wallet's library leaves three or more unsorted, and
 * whoever submits a multisignature puts it together anew. Source: rippled, STTx.cpp; xrpl-sign-keypairs, sort_signer.js.
 */
export const signatureClaims = (object: JsonObject, messagesFor: MessagesFor): readonly SignatureClaim[] | null => {
  const { SigningPubKey: key, TxnSignature: signature, Signers: signers } = object
  if (key !== undefined && key !== '') {
    const own = signers === undefined ? readClaim(null, key, signature, messagesFor) : null
    return own === null ? null : [own]
  }
  if (signature !== undefined || !Array.isArray(signers)) return null
  if (signers.length === 0 || signers.length > maxSigners) return null
  const claims = signers.map((entry) => readSigner(entry, messagesFor))
  if (!claims.every((claim) => claim !== null)) return null
  return new Set(claims.map((claim) => claim.signer)).size === claims.length ? claims : null
}

export const claimHolds = ({ signer, key, signature, messagesFor }: SignatureClaim): boolean => {
  try {
    return messagesFor(signer).some((message) => signatureHolds(Buffer.from(message, 'hex'), signature, key))
  } catch {
    // the codec throws where the message would need a field that is not there
    return false
  }
}

const readSigner = (entry: Json, messagesFor: MessagesFor): SignatureClaim | null => {
  const signer = isJsonObject(entry) ? entry['Signer'] : undefined
  if (!isJsonObject(signer) || typeof signer['Account'] !== 'string') return null
  return readClaim(signer['Account'], signer['SigningPubKey'], signer['TxnSignature'], messagesFor)
}

const readClaim = (
  signer: string | null,
  publicKey: Json | undefined,
  signature: Json | undefined,
  messagesFor: MessagesFor,
): SignatureClaim | null => {
  const key = parsePublicKey(publicKey)
  if (key === null || typeof signature !== 'string') return null
  return { signer, key, signature: Buffer.from(signature, 'hex'), messagesFor }
}
