import { isValidClassicAddress } from 'ripple-address-codec'
import { isRefusal, refuse, type Refusal } from '../refusals.ts'
import { decodeTransaction, type DecodedTransaction } from './decode.ts'
import type { HeldSignature } from './held-signature.ts'
import { jointAuthority } from './key-authority.ts'
import type { LedgerNodes } from './ledger-nodes.ts'
import { matchTemplate } from './match-template.ts'
import { networkOf } from './networks.ts'
import { addressOf } from './public-key.ts'
import type { Submission } from './submission.ts'
import type { Template } from './template.ts'
import type { VerifiedSignature } from './verified-signature.ts'
import { verifyClaim } from './verify-claim.ts'
import { verifySignatures } from './verify-signature.ts'

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

export interface VerifierDependencies {
  /** Null when no node is configured. */
  readonly ledgerNodes: Pick<LedgerNodes, 'nodeFor'> | null
  /** The operator's `ALLOW_UNCONFIRMED_KEYS`. */
  readonly allowUnconfirmedKeys: boolean
}

/** The five checks of CONTRACT section 3. The one that may have to ask a ledger node comes last. */
export const createVerifier = ({ ledgerNodes, allowUnconfirmedKeys }: VerifierDependencies): Verifier => ({
  verify: async (request, submission) => {
    const decoded = decodeTransaction(submission.signedBlob, request.template.family)
    const refused = (refusal: Refusal): Verdict => ({ verdict: 'refused', refusal, kept: whatToKeep(request, decoded) })

    const held = holdSignature(request, submission, decoded)
    if (isRefusal(held)) return refused(held)
    for (const condition of conditions) {
      const refusal = condition(request, submission, held)
      if (refusal !== null) return refused(refusal)
    }

    const node = ledgerNodes?.nodeFor(request.forceNetwork ?? submission.nodeType) ?? null
    const authority = await jointAuthority(held.keys, node, allowUnconfirmedKeys)
    if (authority.authority === 'refused') return refused(refuse('keyNotAuthorized', authority.why))
    if (authority.authority === 'unanswered') return { verdict: 'unanswered', account: authority.account }
    return { verdict: 'verified', signature: verified(held) }
  },
})

/** Checks 1, 4 and 2: each step takes what the one before proved. */
const holdSignature = (
  request: VerificationRequest,
  submission: Submission,
  decoded: DecodedTransaction | null,
): HeldSignature | Refusal => {
  const { template, multisign } = request
  if (submission.signedBlob === '') return refuse('notAResolution')
  if (template.kind === 'paymentChannelAuthorize') return verifyClaim(template, submission)
  if (decoded === null) return refuse('blobUndecodable')
  if (!isTransactionId(submission.txid)) return refuse('transactionIdMissing')
  if (submission.txid.toUpperCase() !== decoded.hash) return refuse('transactionIdMismatch')

  const multisigner = multisign ? submission.multisigned : null
  if (multisign && !isAddress(multisigner)) return refuse('multisignedInvalid')
  const matching = matchTemplate(decoded, request)
  return isRefusal(matching) ? matching : verifySignatures(matching, multisigner, template)
}

type Condition = (request: VerificationRequest, submission: Submission, held: HeldSignature) => Refusal | null

/** Check 5, the account; in a multisignature the signer. */
const signerIsAllowed: Condition = ({ signers }, _, { own }) =>
  signers === null || signers.includes(own.account) ? null : refuse('signerNotAllowed')

/** Check 5, the network, if one was asked for: where the wallet says it was, and what the transaction says. */
const networkIsTheForcedOne: Condition = ({ forceNetwork }, { nodeType }, { networkId }) => {
  if (forceNetwork === null) return null
  if (nodeType !== forceNetwork) return refuse('networkMismatch')
  const foreign = networkId !== null && networkId !== networkOf(forceNetwork)?.networkId
  return foreign ? refuse('networkMismatch', 'The NetworkID of the transaction is that of another network.') : null
}

const conditions: readonly Condition[] = [signerIsAllowed, networkIsTheForcedOne]

const verified = ({ hex, txid, account, own, multisigned }: HeldSignature): VerifiedSignature => {
  const signerPublicKey: string = own.publicKey
  const multisignAccount = multisigned ? own.account : null
  return {
    hex,
    txid,
    account,
    signer: addressOf(own.publicKey),
    signerPublicKey,
    multisignAccount,
  } as VerifiedSignature
}

/** The signature of a PaymentChannelAuthorize is no blob, even if its bytes should happen to decode. */
const whatToKeep = ({ template }: VerificationRequest, decoded: DecodedTransaction | null): RefusedBlob | null => {
  if (decoded === null || template.kind === 'paymentChannelAuthorize') return null
  const account = decoded.json['Account']
  return { txid: decoded.hash, account: typeof account === 'string' ? account : null }
}

const isTransactionId = (txid: string | null): txid is string => txid !== null && /^[0-9A-F]{64}$/i.test(txid)

const isAddress = (text: string | null): text is string => text !== null && isValidClassicAddress(text)
