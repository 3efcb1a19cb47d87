import type { Application } from '../application/application.ts'
import { isRefusal, type Refusal } from '../refusals.ts'
import { bindSignIn } from './bind-sign-in.ts'
import type { FlowDependencies } from './flow-dependencies.ts'
import type { Found, NewPayload } from './payload-store.ts'
import type { CreateInput } from './payloads.ts'

/**
 * Stores a new payload. It is pushed when its user token was issued by this application, is valid, and the token's user
 * has an active device.
 */
export const createPayload = async (
  { payloads, applications, webhooks, newId }: FlowDependencies,
  application: Application,
  input: CreateInput,
): Promise<Found | Refusal> => {
  const { template, bind, lifetime, customMeta, userToken, ...options } = input
  const id = newId()
  const known = userToken === null ? null : await applications.findUserToken(application.id, userToken)
  const bound = bind || application.bindSignIn
  const newPayload: NewPayload = {
    id,
    applicationId: application.id,
    request: { ...options, template: bound ? bindSignIn(template, id) : template },
    customMeta,
    pushedTo: known?.active ? { userId: known.userId, exclusive: application.pushedUserOnly } : null,
    lifetime,
  }
  const created = await payloads.create(newPayload, (payload) => webhooks.owedByCreation(payload, application))
  return isRefusal(created) ? created : { payload: created, now: created.createdAt }
}
