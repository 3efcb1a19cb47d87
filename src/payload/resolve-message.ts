import type { JsonObject } from '../json.ts'
import type { Payload } from './payload.ts'
import { returnUrls } from './return-url.ts'

/**
 * The resolve message as subscribers, webhooks and the wallet's answer share it; a wire shape, kept with the payload's
 * rules because it is a fact that travels whole between nodes.
 */
export interface ResolveMessage {
  readonly payload_uuidv4: string
  readonly reference_call_uuidv4: string
  readonly signed: boolean
  readonly user_token: boolean
  readonly opened_by_deeplink: boolean
  readonly return_url: { readonly app: string | null; readonly web: string | null }
  readonly txid: string | null
  readonly custom_meta: {
    readonly identifier: string | null
    readonly blob: JsonObject | null
    readonly instruction: string | null
  }
}

/** Null while unresolved. */
export const resolveMessage = (payload: Payload): ResolveMessage | null => {
  const { outcome } = payload
  if (outcome === null) return null
  return {
    payload_uuidv4: payload.id,
    reference_call_uuidv4: outcome.callId,
    signed: outcome.kind === 'signed',
    user_token: outcome.userToken !== null,
    opened_by_deeplink: outcome.origin === 'DEEP_LINK',
    return_url: returnUrls(payload),
    txid: outcome.kind === 'signed' ? outcome.signature.txid : null,
    custom_meta: payload.customMeta,
  }
}
