import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import type { ApplicationStore } from '../application/application-store.ts'
import type { RegisteredDevice } from '../device/device.ts'
import { addRoute } from '../http/route.ts'
import type { Actor } from '../payload/lifecycle.ts'
import type { Found } from '../payload/payload-store.ts'
import type { Payloads } from '../payload/payloads.ts'
import { isRefusal, refuse } from '../refusals.ts'
import { readUuid } from '../uuid.ts'
import { callerOf, type Admission } from './admission.ts'
import { resolveAnswer, ResolveAnswer } from './resolve-answer.ts'
import { PatchBody, readOrigin, readWalletAction } from './patch-body.ts'
import { isLeftToPage, walletView, type WalletView } from './wallet-view.ts'

export interface PayloadRouteDependencies {
  readonly payloads: Pick<Payloads, 'open' | 'act' | 'listPending'>
  readonly applications: Pick<ApplicationStore, 'find'>
  /** Whether a sign page is open on this payload, on any node. */
  readonly hasPage: (payloadId: string) => Promise<boolean>
}

const View = Type.Unsafe<WalletView>({ type: 'object', description: 'Details as the wallet needs them' })

/** Opening and resolving sign requests. */
export const addPayloadRoutes = (
  app: FastifyInstance,
  { device }: Admission,
  { payloads, applications, hasPage }: PayloadRouteDependencies,
): void => {
  const viewOf = async (found: Found, reader: RegisteredDevice): Promise<WalletView> => {
    const application = await applications.find(found.payload.applicationId)
    if (application === null) throw new Error(`payload ${found.payload.id} has no application`)
    // where it makes no difference, nobody is asked
    const isPageOpen = isLeftToPage(found.payload) && (await hasPage(found.payload.id))
    return walletView(found, application, reader, isPageOpen)
  }

  addRoute(app, {
    method: 'GET',
    url: '/payload/:id',
    admit: device,
    answer: View,
    handle: async ({ request }) => {
      const id = payloadIdOf(request.params)
      if (id === null) return refuse('payloadNotFound')
      const caller = callerOf(request)
      const { from } = request.query as { from?: unknown }
      const found = await payloads.open(actorOf(caller, from), id)
      return isRefusal(found) ? found : viewOf(found, caller)
    },
  })

  addRoute(app, {
    method: 'PATCH',
    url: '/payload/:id',
    admit: device,
    body: { schema: PatchBody, refusal: 'notAResolution' },
    answer: ResolveAnswer,
    handle: async ({ request, body, callId }) => {
      const id = payloadIdOf(request.params)
      if (id === null) return refuse('payloadNotFound')
      const action = readWalletAction(body)
      if (isRefusal(action)) return action
      const actor = actorOf(callerOf(request), body.origintype)
      const found = await payloads.act(actor, id, action, callId)
      return isRefusal(found) ? found : resolveAnswer(found.payload, actor, callId)
    },
  })

  addRoute(app, {
    method: 'GET',
    url: '/pending-payloads',
    admit: device,
    answer: Type.Object({ payloads: Type.Array(View) }),
    handle: async ({ request }) => {
      const caller = callerOf(request)
      const pending = await payloads.listPending(caller.userId)
      return { payloads: await Promise.all(pending.map((found) => viewOf(found, caller))) }
    },
  })
}

const payloadIdOf = (params: unknown): string | null => readUuid((params as { id: string }).id)

const actorOf = ({ userId, id }: RegisteredDevice, origin: unknown): Actor => ({
  userId,
  deviceId: id,
  origin: readOrigin(origin),
})
