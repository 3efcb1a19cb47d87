import type { Application, ApplicationEvent } from '../application/application.ts'
import type { UserToken } from '../application/user-token.ts'
import type { Milliseconds } from '../clock.ts'
import { dispatchOf } from '../payload/lifecycle.ts'
import type { Payload } from '../payload/payload.ts'
import type { Change } from '../payload/payload-store.ts'
import { resolveMessage } from '../payload/resolve-message.ts'
import { customMetaOf } from '../payload-wire/details.ts'
import { isoTime } from '../payload-wire/iso-time.ts'
import { originOf } from '../payload-wire/meta.ts'

/**
 * What webhooks say: text that is sent, signed and kept exactly as it is here. Source: CONTRACT section 4.
 *
 * Receivers verify what they parsed and serialised again, so it has to be what `JSON.stringify` makes of its own parse:
 * whatever `JSON.stringify` wrote is.
 */

/** The one body that receivers of the hosted platform know. Null while the payload is unresolved. */
export const resolutionBody = (payload: Payload, url: string): string | null => {
  const resolution = resolutionOf(payload)
  if (resolution === null) return null
  return JSON.stringify({ meta: metaOf(payload, url), custom_meta: customMetaOf(payload), ...resolution })
}

interface Happened {
  readonly event: ApplicationEvent
  readonly at: Milliseconds
}

/**
 * An event that an application asked for. It says when it happened, since the last attempt may come long after, and has
 * no `payloadResponse` before the payload is resolved: receivers written for resolutions would read one as a rejection.
 */
export const eventBody = (
  { payload, refusedSignature }: Pick<Change, 'payload' | 'refusedSignature'>,
  url: string,
  { event, at }: Happened,
): string =>
  JSON.stringify({
    meta: { ...metaOf(payload, url), event, occurred_at: isoTime(at) },
    custom_meta: customMetaOf(payload),
    ...(event === 'dispatched' && { ...resolutionOf(payload), dispatched: dispatchedOf(payload) }),
    ...(event === 'refused' && { refused: refusedOf(refusedSignature) }),
  })

/** To see whether webhooks arrive; about no payload. */
export const testBody = (application: Pick<Application, 'id'>, url: string, at: Milliseconds): string =>
  JSON.stringify({
    meta: {
      url,
      application_uuidv4: application.id,
      payload_uuidv4: null,
      opened_by_deeplink: false,
      event: 'test',
      occurred_at: isoTime(at),
    },
    custom_meta: { identifier: null, blob: null, instruction: null },
  })

/** Here it is false, never null, while nobody opened the payload. */
export const openedByDeepLink = (payload: Payload): boolean => originOf(payload) === 'DEEP_LINK'

const metaOf = (payload: Payload, url: string) => ({
  url,
  application_uuidv4: payload.applicationId,
  payload_uuidv4: payload.id,
  opened_by_deeplink: openedByDeepLink(payload),
})

const resolutionOf = (payload: Payload) => {
  const message = resolveMessage(payload)
  if (message === null) return null
  return {
    payloadResponse: {
      payload_uuidv4: message.payload_uuidv4,
      reference_call_uuidv4: message.reference_call_uuidv4,
      signed: message.signed,
      user_token: message.user_token,
      return_url: { app: message.return_url.app, web: message.return_url.web },
      txid: message.txid,
    },
    userToken: userTokenOf(payload.outcome?.userToken ?? null),
  }
}

/** Times in Unix seconds. */
const userTokenOf = (userToken: UserToken | null) =>
  userToken === null
    ? null
    : {
        user_token: userToken.token,
        token_issued: Math.floor(userToken.issuedAt / 1000),
        token_expiration: Math.floor(userToken.expiresAt / 1000),
      }

/** What the ledger answered: as a configured node found it in a validated ledger, or as the wallet claims. */
const dispatchedOf = (payload: Payload) => {
  const answer = dispatchOf(payload)
  return {
    to: answer?.to ?? null,
    nodetype: answer?.nodeType ?? null,
    result: answer?.result ?? null,
    validated: payload.ledgerAnswer !== null,
  }
}

/** A signature that decoded and failed a check; the wallet may have submitted it all the same. */
const refusedOf = (signature: Change['refusedSignature']) => ({
  txid: signature?.txid ?? null,
  account: signature?.account ?? null,
  check: signature?.reason ?? null,
  message: signature?.message ?? null,
})
