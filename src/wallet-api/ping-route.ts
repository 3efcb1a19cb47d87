import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import { parseBearer } from '../device/bearer.ts'
import { registrationLimits } from '../device/device.ts'
import type { Devices } from '../device/devices.ts'
import { addRoute } from '../http/route.ts'
import type { Payloads } from '../payload/payloads.ts'
import { isRefusal } from '../refusals.ts'
import { callerOf, type Admission } from './admission.ts'

const told = () => Type.Optional(Type.String({ maxLength: 64 }))

const PingBody = Type.Object({
  appVersion: told(),
  appLanguage: told(),
  appCurrency: told(),
  devicePushToken: Type.Optional(Type.String({ maxLength: registrationLimits.pushToken })),
})

/** Strings are never null: the wallet keeps some in a store that takes nothing else. */
const PingAnswer = Type.Object({
  pong: Type.Boolean(),
  badge: Type.Number({ description: 'sign requests that wait for this user' }),
  tosAndPrivacyPolicyVersion: Type.Number({ description: '0: there is nothing to agree to' }),
  railsVersion: Type.Number(),
  auth: Type.Object({
    user: Type.Object({ uuidv4: Type.String(), slug: Type.String(), name: Type.String() }),
    device: Type.Object({ uuidv4: Type.String(), idempotence: Type.Number({ description: 'the highest counter' }) }),
    call: Type.Object({ uuidv4: Type.String(), hash: Type.String(), idempotence: Type.Number() }),
  }),
  env: Type.Object({
    hasPro: Type.Boolean(),
    hasKyc: Type.Boolean(),
    appVersion: Type.String(),
    appLanguage: Type.String(),
    appCurrency: Type.String(),
    swapNetworks: Type.String(),
  }),
  monetization: Type.Object({
    monetizationStatus: Type.String(),
    productForPurchase: Type.String(),
    monetizationType: Type.String(),
  }),
})

/**
 * The wallet's greeting at every start. Source: XRPL-Labs/Xaman-App, src/services/BackendService.ts (ping) and
 * src/store/models/schemas (Profile), for what it reads and of which types.
 */
export const addPingRoute = (
  app: FastifyInstance,
  { device }: Admission,
  { devices, payloads }: { devices: Pick<Devices, 'changePushToken'>; payloads: Pick<Payloads, 'listPending'> },
): void =>
  addRoute(app, {
    method: 'POST',
    url: '/ping',
    admit: device,
    body: { schema: PingBody, refusal: 'bodyNotJson' },
    answer: PingAnswer,
    handle: async ({ request, body, callId }) => {
      const caller = callerOf(request)
      const bearer = parseBearer(request.headers.authorization)
      if (isRefusal(bearer)) return bearer
      if (body.devicePushToken !== undefined) await devices.changePushToken(caller, body.devicePushToken)
      const pending = await payloads.listPending(caller.userId)
      return {
        pong: true,
        badge: pending.length,
        tosAndPrivacyPolicyVersion: 0,
        railsVersion: 0,
        auth: {
          user: { uuidv4: caller.activationId, slug: '', name: '' },
          device: { uuidv4: caller.id, idempotence: caller.counter.highest },
          call: { uuidv4: callId, hash: bearer.hash, idempotence: bearer.counter },
        },
        env: {
          hasPro: false,
          hasKyc: false,
          appVersion: body.appVersion ?? '',
          appLanguage: body.appLanguage ?? '',
          appCurrency: body.appCurrency ?? '',
          swapNetworks: '',
        },
        monetization: { monetizationStatus: 'NONE', productForPurchase: '', monetizationType: '' },
      }
    },
  })
