import Type, { type Static } from 'typebox'
import type { Application } from '../application/application.ts'
import type { Milliseconds } from '../clock.ts'
import type { Json, JsonObject } from '../json.ts'
import { decodeMemos } from '../ledger/memos.ts'
import { expiryOf, secondsLeft } from '../payload/expiry.ts'
import type { Payload } from '../payload/payload.ts'
import { isoTime } from './iso-time.ts'
import { destinationOf, Meta, metaOf, originOf } from './meta.ts'
import { orNull } from './or-null.ts'
import { PayloadResponse, responseOf } from './response.ts'

const AnyObject = Type.Unsafe<JsonObject>({ type: 'object' })

export const CustomMeta = Type.Object({
  identifier: orNull(Type.String()),
  blob: orNull(AnyObject),
  instruction: orNull(Type.String()),
})

/** A payload as its application sees it. Every key is always present. Source: CONTRACT section 2, "Details". */
export const Details = Type.Object({
  meta: Meta,
  application: Type.Object({
    name: Type.String(),
    description: Type.String(),
    disabled: Type.Union([Type.Literal(0), Type.Literal(1)]),
    uuidv4: Type.String(),
    icon_url: Type.String(),
    /** The one that the resolution issued or extended. */
    issued_user_token: orNull(Type.String()),
  }),
  payload: Type.Object({
    tx_type: Type.String(),
    tx_destination: Type.String(),
    tx_destination_tag: orNull(Type.Number()),
    request_json: AnyObject,
    origintype: orNull(Type.String()),
    signmethod: orNull(Type.String()),
    created_at: Type.String(),
    expires_at: Type.String(),
    expires_in_seconds: Type.Integer(),
    computed: orNull(Type.Object({ Memos: Type.Unsafe<Json[]>({ type: 'array' }) })),
  }),
  response: PayloadResponse,
  custom_meta: CustomMeta,
})
export type Details = Static<typeof Details>

export const detailsOf = (payload: Payload, application: Application, now: Milliseconds): Details => ({
  meta: metaOf(payload, now),
  application: {
    name: application.name,
    description: application.description,
    disabled: application.disabled ? 1 : 0,
    uuidv4: application.id,
    icon_url: application.iconUrl,
    issued_user_token: payload.outcome?.userToken?.token ?? null,
  },
  payload: requestOf(payload, now),
  response: responseOf(payload),
  custom_meta: customMetaOf(payload),
})

const requestOf = (payload: Payload, now: Milliseconds): Details['payload'] => {
  const { json, kind, transactionType } = payload.request.template
  const { DestinationTag: tag } = json
  const expiry = expiryOf(payload)
  const memos = decodeMemos(json)
  return {
    tx_type: transactionType,
    tx_destination: destinationOf(payload),
    tx_destination_tag: typeof tag === 'number' ? tag : null,
    request_json: kind === 'signIn' ? { ...json, SignIn: true } : json,
    origintype: originOf(payload),
    signmethod: payload.outcome?.kind === 'signed' ? payload.outcome.signMethod : null,
    created_at: isoTime(payload.createdAt),
    expires_at: isoTime(expiry),
    expires_in_seconds: secondsLeft(expiry, now),
    computed: memos === null ? null : { Memos: memos },
  }
}

export const customMetaOf = ({
  customMeta: { identifier, blob, instruction },
}: Payload): Static<typeof CustomMeta> => ({
  identifier,
  blob,
  instruction,
})
