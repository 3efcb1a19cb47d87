import type { Application } from '../application/application.ts'
import type { Milliseconds } from '../clock.ts'
import type { JsonObject } from '../json.ts'
import { decodeMemos } from '../ledger/memos.ts'
import { expiryOf, secondsLeft } from '../payload/expiry.ts'
import type { Payload } from '../payload/payload.ts'
import { isoTime } from './iso-time.ts'
import { destinationOf, metaOf, originOf } from './meta.ts'
import { responseOf } from './response.ts'

/** A payload as its application sees it. Every key is always present. Source: CONTRACT section 2, "Details". */
export const detailsOf = (payload: Payload, application: Application, now: Milliseconds) => ({
  meta: metaOf(payload, now),
  application: applicationOf(payload, application),
  payload: requestOf(payload, now),
  response: responseOf(payload),
  custom_meta: customMetaOf(payload),
})

/** `application` of Details: who asks. The token is the one that the resolution issued or extended. */
export const applicationOf = (payload: Payload, application: Application) => ({
  name: application.name,
  description: application.description,
  disabled: application.disabled ? 1 : 0,
  uuidv4: application.id,
  icon_url: application.iconUrl,
  issued_user_token: payload.outcome?.userToken?.token ?? null,
})

/** `payload` of Details: what is asked. */
export const requestOf = (payload: Payload, now: Milliseconds) => {
  const { json, transactionType } = payload.request.template
  const { DestinationTag: tag } = json
  const expiry = expiryOf(payload)
  const memos = decodeMemos(json)
  return {
    tx_type: transactionType,
    tx_destination: destinationOf(payload),
    tx_destination_tag: typeof tag === 'number' ? tag : null,
    request_json: requestJsonOf(payload),
    origintype: originOf(payload),
    signmethod: payload.outcome?.kind === 'signed' ? payload.outcome.signMethod : null,
    created_at: isoTime(payload.createdAt),
    expires_at: isoTime(expiry),
    expires_in_seconds: secondsLeft(expiry, now),
    computed: memos === null ? null : { Memos: memos },
  }
}

const requestJsonOf = ({ request: { template } }: Payload): JsonObject =>
  template.kind === 'signIn' ? { ...template.json, SignIn: true } : template.json

export const customMetaOf = ({ customMeta: { identifier, blob, instruction } }: Payload) => ({
  identifier,
  blob,
  instruction,
})
