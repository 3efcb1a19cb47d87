import Type, { type Static } from 'typebox'
import { Value } from 'typebox/value'
import { walletDigest } from '../ledger/wallet-digest.ts'
import type { JsonObject } from '../json.ts'
import { WalletError } from './wallet-error.ts'

const Text = Type.Union([Type.String(), Type.Null()])

/** How a wallet came by a sign request, as it tells the server. */
export type OpenedFrom = 'QR' | 'DEEP_LINK' | 'PUSH_NOTIFICATION' | 'EVENT_LIST' | 'XAPP' | 'UNKNOWN'

/** A sign request as the wallet API shows it: the part that a wallet reads. */
export const PayloadView = Type.Object({
  meta: Type.Object({
    uuid: Type.String(),
    multisign: Type.Boolean(),
    submit: Type.Boolean(),
    expired: Type.Boolean(),
    force_network: Text,
    signers: Type.Union([Type.Array(Type.String()), Type.Null()]),
    custom_instruction: Text,
    return_url_app: Text,
  }),
  application: Type.Object({ name: Type.String() }),
  payload: Type.Object({
    tx_type: Type.String(),
    request_json: Type.Unsafe<JsonObject>({ type: 'object' }),
    hash: Type.String(),
  }),
  response: Type.Object({ resolved_at: Text }),
})
export type PayloadView = Static<typeof PayloadView>

const pseudoTypes = ['SignIn', 'PaymentChannelAuthorize']

/** What is signed and never submitted. */
export const isPseudo = (transactionType: string): boolean => pseudoTypes.includes(transactionType)

/**
 * The view, once it is shown to be what the server meant for this device.
 * Source: XRPL-Labs/Xaman-App, src/common/libs/payload/object.ts (verify).
 */
export const readPayloadView = (answer: unknown, uniqueDeviceIdentifier: string): PayloadView => {
  if (!Value.Check(PayloadView, answer)) throw new WalletError('The server did not answer with a sign request.')
  const { tx_type: type, request_json: request, hash } = answer.payload
  const expectedType = isPseudo(type) ? undefined : type
  if (request['TransactionType'] !== expectedType || walletDigest(request, uniqueDeviceIdentifier) !== hash) {
    throw new WalletError('The sign request does not match its digest.')
  }
  return answer
}
