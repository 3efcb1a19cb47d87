import type { JsonObject } from '../json.ts'
import type { Network } from '../ledger/networks.ts'
import type { WalletKeys } from './keys.ts'
import { networkFor } from './network-for.ts'
import { isPseudo, type OpenedFrom, type PayloadView } from './payload-view.ts'
import { signRequest, type Signed } from './sign.ts'
import type { WalletClient } from './wallet-client.ts'
import { WalletError } from './wallet-error.ts'
import type { WalletLedger } from './wallet-ledger.ts'

/** What became of a signature that the server took. */
export interface SignOutcome {
  readonly uuid: string
  /** False while the server waits for a ledger node to confirm the key. */
  readonly signed: boolean
  readonly account: string
  readonly signedBlob: string
  readonly txid: string | null
  readonly returnUrl: { readonly app: string | null; readonly web: string | null }
  /** What the ledger answered, if it was submitted. */
  readonly dispatchedResult: string | null
}

export interface Signatory {
  readonly keys: WalletKeys
  /** The account it signs for. */
  readonly account: string
  readonly client: WalletClient
  readonly ledger: WalletLedger
  /** Key of the network it was told to be on. */
  readonly network: string | null
  readonly allowsPush: boolean
}

/**
 * From opening a sign request to telling what the ledger said, in the order of the real wallet, except that it waits for
 * each answer of the server. Source: XRPL-Labs/Xaman-App, src/screens/Modal/ReviewTransaction/ReviewTransactionModal.tsx
 * (onAccept, submit) and src/common/libs/payload/object.ts (patch).
 *
 * @param entered fields that the user fills in
 */
export const signFlow = async (
  signatory: Signatory,
  uuid: string,
  entered: JsonObject,
  from: OpenedFrom,
): Promise<SignOutcome> => {
  const { account, client, ledger } = signatory
  mayBeAnswered(await client.fetchPayload(uuid, from), account)
  // once more just before signing
  const view = await client.fetchPayload(uuid, from)
  mayBeAnswered(view, account)
  const { Destination: destination } = view.payload.request_json
  if (view.payload.tx_type === 'Payment' && typeof destination === 'string') await client.accountAdvisory(destination)

  const network = networkFor(view, signatory.network, await ledger.readNetworkId())
  const signed = await signView(signatory, view, network, entered)
  const answer = await client.patchPayload(uuid, {
    ...submission(signed),
    permission: { push: signatory.allowsPush, days: 365 },
    origintype: from,
    environment: { nodeuri: ledger.url, nodetype: network.key },
  })
  const dispatchedResult = isSubmitted(view) ? await ledger.submit(signed.signedBlob) : null
  if (dispatchedResult !== null) {
    const dispatched = { to: ledger.url, nodetype: network.key, result: dispatchedResult }
    await client.patchPayload(uuid, { dispatched, origintype: from })
  }
  return { uuid, ...answer, account, signedBlob: signed.signedBlob, txid: signed.txid, dispatchedResult }
}

/** What the real wallet refuses by itself. */
const mayBeAnswered = ({ meta, response }: PayloadView, account: string): void => {
  if (response.resolved_at !== null) throw new WalletError('The sign request has been resolved already.')
  if (meta.expired) throw new WalletError('The sign request has expired.')
  if (meta.signers !== null && !meta.signers.includes(account)) {
    throw new WalletError(`The sign request is not for ${account}.`)
  }
}

const signView = async (
  { keys, account, ledger }: Signatory,
  { meta, payload }: PayloadView,
  { family, networkId }: Network,
  entered: JsonObject,
): Promise<Signed> => {
  const { tx_type: transactionType, request_json: template } = payload
  const request = { transactionType, requestJson: { ...template, ...entered }, multisign: meta.multisign, family }
  // who signs alone has to exist on the ledger; a signer among others, or of a pseudo transaction, need not
  const alone = !meta.multisign && !isPseudo(transactionType)
  const state = alone ? await ledger.readState(account) : { fee: '12', sequence: 0, ledgerIndex: null }
  return signRequest(keys, request, { account, networkId, ...state })
}

const submission = ({ signedBlob, txid, publicKey, multisigned }: Signed): JsonObject => ({
  signed_blob: signedBlob,
  ...(txid === null ? {} : { tx_id: txid }),
  signmethod: 'OTHER',
  signpubkey: publicKey,
  multisigned: multisigned ?? '',
})

const isSubmitted = ({ meta, payload }: PayloadView): boolean =>
  meta.submit && !meta.multisign && !isPseudo(payload.tx_type)
