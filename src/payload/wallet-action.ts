import { validUserToken } from '../application/user-token.ts'
import { isRefusal, type Refusal } from '../refusals.ts'
import { changePayload } from './change-payload.ts'
import type { FlowDependencies } from './flow-dependencies.ts'
import { open, recordDispatch, reject, startSigning, type Actor } from './lifecycle.ts'
import type { Payload } from './payload.ts'
import type { Current, Found } from './payload-store.ts'
import type { WalletAction } from './payloads.ts'
import { submitSignature } from './submit-signature.ts'

/** A wallet fetches the payload. */
export const openPayload = (dependencies: FlowDependencies, actor: Actor, id: string): Promise<Found | Refusal> =>
  act(dependencies, id, null, ({ payload, now }) => open(payload, actor, now))

/** What a wallet sends by PATCH. */
export const takeWalletAction = (
  dependencies: FlowDependencies,
  actor: Actor,
  id: string,
  action: WalletAction,
  callId: string,
): Promise<Found | Refusal> => {
  switch (action.kind) {
    case 'sign':
      return submitSignature(dependencies, actor, id, action, callId)
    case 'preSigned':
      return act(dependencies, id, null, ({ payload, now }) => startSigning(payload, actor, now))
    case 'dispatched':
      return act(dependencies, id, null, ({ payload, now }) => recordDispatch(payload, actor, action.report, now))
    case 'reject':
      return act(dependencies, id, actor.userId, ({ payload, userToken, now }) =>
        reject(payload, actor, action, { callId, userToken: validUserToken(userToken, now) }, now),
      )
  }
}

const act = async (
  dependencies: FlowDependencies,
  id: string,
  userId: string | null,
  step: (current: Current) => Payload | Refusal,
): Promise<Found | Refusal> => {
  const changed = await changePayload(dependencies, id, userId, (current) => {
    const next = step(current)
    return isRefusal(next) ? next : { payload: next }
  })
  return isRefusal(changed) ? changed : { payload: changed.change.payload, now: changed.now }
}
