import { decodeAccountID } from 'ripple-address-codec'
import { sign } from 'ripple-keypairs'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import { decodeTransaction } from '../ledger/decode.ts'
import { claimMessage, encodeTransaction, signingMessage } from '../ledger/signing-message.ts'
import type { LedgerFamily } from '../ledger/template.ts'
import { fillIn, fillInForMultisign, type SigningContext } from './fill-in.ts'
import type { WalletKeys } from './keys.ts'
import { WalletError } from './wallet-error.ts'

/** What a wallet is asked to sign. */
export interface ToSign {
  /** `Payment`, `SignIn`, … */
  readonly transactionType: string
  /** As the wallet API shows it: without a TransactionType for the pseudo types. */
  readonly requestJson: JsonObject
  readonly multisign: boolean
  readonly family: LedgerFamily
}

/** As the wallet hands it in. */
export interface Signed {
  /** Upper-case hex; of a PaymentChannelAuthorize the bare claim signature. */
  readonly signedBlob: string
  /** Null for a PaymentChannelAuthorize. */
  readonly txid: string | null
  readonly publicKey: string
  /** The account signed for in a multisignature. */
  readonly multisigned: string | null
}

/**
 * Signs as the real wallet does, to the same bytes. Source: XRPL-Labs/Xaman-App,
 * src/screens/Overlay/Vault/VaultOverlay.tsx; xrpl-accountlib, sign.
 *
 * @throws WalletError when it cannot be encoded
 */
export const signRequest = (keys: WalletKeys, request: ToSign, context: SigningContext): Signed => {
  try {
    return signByKind(keys, request, context)
  } catch (fault) {
    throw new WalletError(`This ${request.transactionType} cannot be encoded, so it cannot be signed.`, {
      cause: fault,
    })
  }
}

const signByKind = (keys: WalletKeys, request: ToSign, context: SigningContext): Signed => {
  const { transactionType, requestJson, multisign } = request
  if (transactionType === 'PaymentChannelAuthorize') return signClaim(keys, requestJson)
  if (transactionType === 'SignIn')
    return signAlone(keys, { ...withoutMark(requestJson), Account: context.account }, 'xrpl')
  if (!multisign) return signAlone(keys, fillIn(requestJson, keys.publicKey, context), request.family)
  return signAmongOthers(keys, fillInForMultisign(requestJson, context), context.account, request.family)
}

/** `SignIn: true` stands for the type and is no field. */
const withoutMark = (requestJson: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(requestJson).filter(([field]) => field !== 'SignIn'))

const signClaim = (keys: WalletKeys, requestJson: JsonObject): Signed => ({
  signedBlob: sign(claimMessage(requestJson), keys.privateKey).toUpperCase(),
  txid: null,
  publicKey: keys.publicKey,
  multisigned: null,
})

const signAlone = (keys: WalletKeys, transaction: JsonObject, family: LedgerFamily): Signed => {
  const prepared = { ...transaction, SigningPubKey: keys.publicKey }
  const signature = sign(signingMessage(prepared, family, null), keys.privateKey)
  return { ...encoded({ ...prepared, TxnSignature: signature }, family), publicKey: keys.publicKey, multisigned: null }
}

/** Adds this signer to those who signed before, in the order of their account ids that the ledger wants. */
const signAmongOthers = (keys: WalletKeys, transaction: JsonObject, account: string, family: LedgerFamily): Signed => {
  const prepared = { ...transaction, SigningPubKey: '' }
  const signature = sign(signingMessage(prepared, family, account), keys.privateKey)
  const own = { Signer: { Account: account, SigningPubKey: keys.publicKey, TxnSignature: signature } }
  const before = Array.isArray(transaction['Signers']) ? transaction['Signers'] : []
  const all = [...before, own].sort((one, other) => Buffer.compare(accountIdOf(one), accountIdOf(other)))
  return { ...encoded({ ...prepared, Signers: all }, family), publicKey: keys.publicKey, multisigned: account }
}

const accountIdOf = (entry: Json): Uint8Array => {
  const signer = isJsonObject(entry) ? entry['Signer'] : undefined
  return decodeAccountID(isJsonObject(signer) ? (signer['Account'] as string) : '')
}

const encoded = (transaction: JsonObject, family: LedgerFamily): Pick<Signed, 'signedBlob' | 'txid'> => {
  const signedBlob = encodeTransaction(transaction, family)
  const decoded = decodeTransaction(signedBlob, family)
  if (decoded === null) throw new Error('what was signed cannot be decoded again')
  return { signedBlob, txid: decoded.hash }
}
