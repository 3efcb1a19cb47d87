import Type, { type Static } from 'typebox'
import { networkOf } from '../ledger/networks.ts'
import { dispatchOf } from '../payload/lifecycle.ts'
import type { Payload } from '../payload/payload.ts'
import { isoTime } from './iso-time.ts'
import { orNull } from './or-null.ts'

/**
 * `response` of Details: what became of the payload, each key null until known. Source: CONTRACT section 2, "Details".
 *
 * `approved_with` is never sent, since the PHP SDK breaks on it; the method of signing is `payload.signmethod`.
 */
export const PayloadResponse = Type.Object({
  hex: orNull(Type.String()),
  txid: orNull(Type.String()),
  resolved_at: orNull(Type.String()),
  dispatched_to: orNull(Type.String()),
  dispatched_nodetype: orNull(Type.String()),
  dispatched_result: orNull(Type.String()),
  dispatched_to_node: orNull(Type.Literal(true)),
  environment_nodeuri: orNull(Type.String()),
  environment_nodetype: orNull(Type.String()),
  environment_networkid: orNull(Type.Integer()),
  multisign_account: orNull(Type.String()),
  account: orNull(Type.String()),
  signer: orNull(Type.String()),
  signer_pubkey: orNull(Type.String()),
  user: orNull(Type.String()),
})

export const responseOf = (payload: Payload): Static<typeof PayloadResponse> => {
  const { outcome } = payload
  const signed = outcome?.kind === 'signed' ? outcome : null
  const dispatch = dispatchOf(payload)
  return {
    hex: signed?.signature.hex ?? null,
    txid: signed?.signature.txid ?? null,
    resolved_at: outcome === null ? null : isoTime(outcome.at),
    dispatched_to: dispatch?.to ?? null,
    dispatched_nodetype: dispatch?.nodeType ?? null,
    dispatched_result: dispatch?.result ?? null,
    dispatched_to_node: typeof dispatch?.result === 'string' ? true : null,
    environment_nodeuri: signed?.environment.nodeUri ?? null,
    environment_nodetype: signed?.environment.nodeType ?? null,
    environment_networkid: networkOf(signed?.environment.nodeType ?? '')?.networkId ?? null,
    multisign_account: signed?.signature.multisignAccount ?? null,
    account: signed?.signature.account ?? null,
    signer: signed?.signature.signer ?? null,
    signer_pubkey: signed?.signature.signerPublicKey ?? null,
    user: outcome?.userId ?? null,
  }
}
