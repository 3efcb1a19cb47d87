import type { Application } from '../application/application.ts'
import { isRefusal, refuse, type Refusal } from '../refusals.ts'
import { changePayload } from './change-payload.ts'
import type { FlowDependencies } from './flow-dependencies.ts'
import { cancel, type CancelReason } from './lifecycle.ts'
import type { Found } from './payload-store.ts'

/** The application fetches its payload; its subscribers hear that it did. */
export const fetchPayload = async (
  { announcer }: Pick<FlowDependencies, 'announcer'>,
  application: Application,
  found: Found | null,
  callId: string,
): Promise<Found | Refusal> => {
  if (found?.payload.applicationId !== application.id) return refuse('payloadNotFound')
  announcer.announceFetched(found.payload.id, callId)
  return found
}

/** The application takes its request back; the answer says whether it could. */
export const cancelPayload = async (
  dependencies: FlowDependencies,
  application: Application,
  id: string,
): Promise<(Found & { readonly reason: CancelReason }) | Refusal> => {
  const changed = await changePayload(dependencies, id, null, ({ payload, now }) =>
    payload.applicationId === application.id ? cancel(payload, now) : refuse('payloadNotFound'),
  )
  return isRefusal(changed) ? changed : { ...changed.change, now: changed.now }
}
