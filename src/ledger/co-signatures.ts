import { decodeAccountID } from 'ripple-address-codec'
import {
  encodeForMultisigningCounterparty,
  encodeForMultisigningSponsor,
  encodeForSigningBatch,
  encodeForSigningCounterparty,
  encodeForSigningSponsor,
} from 'ripple-binary-codec'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import { decodeTransaction, type DecodedTransaction } from './decode.ts'
import { definitionsOf } from './definitions.ts'
import { signatureClaims, type MessagesFor, type SignatureClaim } from './signature-claim.ts'
import { encodeTransaction, signingMessage } from './signing-message.ts'

/**
 * The signatures of others that a transaction may carry beside its sender's: a counterparty's, a sponsor's, those of the
 * accounts in a batch. They come with the template, since a wallet adds none of them. Each must be valid; whether its key
 * may speak for its account is the ledger's to say, as this wallet does not sign in their name.
 *
 * A field named `Signature` (PaymentChannelClaim, XChain attestations) is no signature of the transaction but part of
 * what was asked for, and is not looked at.
 *
 * @returns null when one of them is malformed
 */
export const coSignatureClaims = (transaction: DecodedTransaction): readonly SignatureClaim[] | null => {
  const { CounterpartySignature: counterparty, SponsorSignature: sponsor, BatchSigners: batch } = transaction.json
  const found = [
    counterparty === undefined ? [] : claimsOf(counterparty, counterpartyMessages(transaction)),
    sponsor === undefined ? [] : claimsOf(sponsor, sponsorMessages(transaction)),
    batch === undefined ? [] : batchClaims(batch, transaction),
  ]
  return found.every((claims) => claims !== null) ? found.flat() : null
}

const claimsOf = (object: Json | undefined, messagesFor: MessagesFor): readonly SignatureClaim[] | null =>
  isJsonObject(object) ? signatureClaims(object, messagesFor) : null

/** Under a prefix of their own since the amendment fixCleanup3_4_0, under the sender's before. */
const counterpartyMessages = ({ json, family }: DecodedTransaction): MessagesFor => {
  const definitions = definitionsOf(family)
  return (signer) => [
    signer === null
      ? encodeForSigningCounterparty(json, definitions)
      : encodeForMultisigningCounterparty(json, signer, definitions),
    signingMessage(json, family, signer),
  ]
}

const sponsorMessages = ({ json, family }: DecodedTransaction): MessagesFor => {
  const definitions = definitionsOf(family)
  return (signer) => [
    signer === null
      ? encodeForSigningSponsor(json, definitions)
      : encodeForMultisigningSponsor(json, signer, definitions),
    signingMessage(json, family, signer),
  ]
}

const batchClaims = (entries: Json, transaction: DecodedTransaction): readonly SignatureClaim[] | null => {
  const txIDs = innerTransactionIds(transaction)
  if (txIDs === null || !Array.isArray(entries)) return null
  const found = entries.map((entry) => {
    const batchSigner = isJsonObject(entry) ? entry['BatchSigner'] : undefined
    return isJsonObject(batchSigner) ? claimsOf(batchSigner, batchMessages(transaction.json, txIDs, batchSigner)) : null
  })
  return found.every((claims) => claims !== null) ? found.flat() : null
}

const innerTransactionIds = ({ json, family }: DecodedTransaction): string[] | null => {
  if (!Array.isArray(json['RawTransactions'])) return null
  const ids = json['RawTransactions'].map((entry) => {
    const inner = isJsonObject(entry) ? entry['RawTransaction'] : undefined
    return isJsonObject(inner) ? decodeTransaction(encodeTransaction(inner, family), family)?.hash : undefined
  })
  return ids.every((id) => id !== undefined) ? ids : null
}

/** As BatchV1_1 has it, and as Batch had it before, which the wallet's library still signs. */
const batchMessages = (json: JsonObject, txIDs: readonly string[], batchSigner: JsonObject): MessagesFor => {
  const { Account: account, Flags: flags = 0, TicketSequence: ticket = 0 } = json
  const sequence = json['Sequence'] === 0 ? ticket : json['Sequence']
  const common = { account, sequence, flags, txIDs, batchAccount: batchSigner['Account'] }
  return (signer) => [
    encodeForSigningBatch(signer === null ? common : { ...common, signerAccount: signer }),
    firstBatchMessage(Number(flags), txIDs, signer),
  ]
}

/** Over the flags and the inner transactions alone. Source: XLS-56 before BatchV1_1. */
const firstBatchMessage = (flags: number, txIDs: readonly string[], signer: string | null): string => {
  const head = Buffer.from('4243480000000000' + '00000000', 'hex')
  head.writeUInt32BE(flags, 4)
  head.writeUInt32BE(txIDs.length, 8)
  const tail = signer === null ? '' : Buffer.from(decodeAccountID(signer)).toString('hex')
  return head.toString('hex') + txIDs.join('') + tail
}
