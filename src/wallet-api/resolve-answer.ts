import Type, { type Static } from 'typebox'
import type { Actor } from '../payload/lifecycle.ts'
import type { Payload } from '../payload/payload.ts'
import { resolveMessage } from '../payload/resolve-message.ts'
import { returnUrls } from '../payload/return-url.ts'

const Url = Type.Union([Type.String(), Type.Null()])

/** The resolve message without what only the application needs to know. */
export const ResolveAnswer = Type.Object({
  payload_uuidv4: Type.String(),
  reference_call_uuidv4: Type.String(),
  signed: Type.Boolean(),
  user_token: Type.Boolean(),
  opened_by_deeplink: Type.Boolean(),
  return_url: Type.Object({ app: Url, web: Url }),
})

/**
 * What a wallet is answered after a PATCH.
 *
 * @param callId stands for the call that will resolve it, as long as none did
 */
export const resolveAnswer = (payload: Payload, actor: Actor, callId: string): Static<typeof ResolveAnswer> => {
  const message = resolveMessage(payload)
  const opened = payload.opens.find(({ userId }) => userId === actor.userId)
  return {
    payload_uuidv4: payload.id,
    reference_call_uuidv4: message?.reference_call_uuidv4 ?? callId,
    signed: message?.signed ?? false,
    user_token: message?.user_token ?? false,
    opened_by_deeplink: message?.opened_by_deeplink ?? opened?.origin === 'DEEP_LINK',
    return_url: returnUrls(payload),
  }
}
