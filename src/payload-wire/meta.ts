import Type, { type Static } from 'typebox'
import type { Milliseconds } from '../clock.ts'
import { isExpired } from '../payload/expiry.ts'
import type { Payload, PayloadOrigin } from '../payload/payload.ts'
import { returnUrls } from '../payload/return-url.ts'
import { orNull } from './or-null.ts'

/** `meta` of Details, as both APIs and the answer to a cancellation share it. Source: CONTRACT section 2, "Details". */
export const Meta = Type.Object({
  exists: Type.Boolean(),
  uuid: Type.String(),
  multisign: Type.Boolean(),
  submit: Type.Boolean(),
  pathfinding: Type.Boolean(),
  pathfinding_fallback: Type.Boolean(),
  force_network: orNull(Type.String()),
  destination: Type.String(),
  resolved_destination: Type.String(),
  resolved: Type.Boolean(),
  signed: Type.Boolean(),
  cancelled: Type.Boolean(),
  expired: Type.Boolean(),
  pushed: Type.Boolean(),
  app_opened: Type.Boolean(),
  opened_by_deeplink: orNull(Type.Boolean()),
  return_url_app: orNull(Type.String()),
  return_url_web: orNull(Type.String()),
  is_xapp: Type.Boolean(),
  signers: orNull(Type.Array(Type.String())),
})

export const metaOf = (payload: Payload, now: Milliseconds): Static<typeof Meta> => {
  const { request, outcome } = payload
  const origin = originOf(payload)
  const { app, web } = returnUrls(payload)
  return {
    exists: true,
    uuid: payload.id,
    multisign: request.multisign,
    submit: request.submit,
    pathfinding: request.pathfinding,
    pathfinding_fallback: request.pathfindingFallback,
    force_network: request.forceNetwork,
    destination: destinationOf(payload),
    resolved_destination: '',
    resolved: outcome !== null,
    signed: outcome?.kind === 'signed',
    cancelled: payload.cancelledAt !== null,
    expired: isExpired(payload, now),
    pushed: payload.pushedTo !== null,
    app_opened: payload.opens.length > 0,
    opened_by_deeplink: origin === null ? null : origin === 'DEEP_LINK',
    return_url_app: app,
    return_url_web: web,
    is_xapp: false,
    signers: request.signers && [...request.signers],
  }
}

/** How the wallet that matters came by it: the one that resolved it, else the first that opened it; null before. */
export const originOf = (payload: Payload): PayloadOrigin | null =>
  payload.outcome?.origin ?? payload.opens[0]?.origin ?? null

/** The destination of the template; empty, never null, where it has none: the PHP and Python SDKs refuse null. */
export const destinationOf = (payload: Payload): string => {
  const { Destination: destination } = payload.request.template.json
  return typeof destination === 'string' ? destination : ''
}
