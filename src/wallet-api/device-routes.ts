import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import { formatActivationCredentials } from '../device/activation.ts'
import { registrationLimits, type InvitedDevice } from '../device/device.ts'
import type { Devices } from '../device/devices.ts'
import { addRoute } from '../http/route.ts'
import { isoTime } from '../payload-wire/iso-time.ts'
import { isRefusal, refuse } from '../refusals.ts'
import { readUuid } from '../uuid.ts'
import { callerOf, type Admission } from './admission.ts'

const PushToken = Type.String({ maxLength: registrationLimits.pushToken })

const RegistrationBody = Type.Object({
  uniqueDeviceIdentifier: Type.String({ minLength: 1, maxLength: registrationLimits.uniqueDeviceIdentifier }),
  devicePlatform: Type.Optional(Type.String({ maxLength: registrationLimits.platform })),
  devicePushToken: Type.Optional(PushToken),
})

const Invitation = Type.Object({ uuid: Type.String(), expire: Type.String() })
const PendingDeviceBody = Type.Object({ uuidv4: Type.String() })

const invitationOf = (device: InvitedDevice) => ({ uuid: device.id, expire: isoTime(device.activateBy) })

/** Users, their devices, and what devices prove themselves with. */
export const addDeviceRoutes = (app: FastifyInstance, admit: Admission, devices: Devices): void => {
  addRoute(app, {
    method: 'POST',
    url: '/add-user',
    admit: admit.limited(({ addUser }) => addUser),
    answer: Type.Object({ user: Type.Object({ uuid: Type.String() }), device: Invitation }),
    handle: async () => {
      const device = await devices.addUser()
      return { user: { uuid: device.activationId }, device: invitationOf(device) }
    },
  })

  addRoute(app, {
    method: 'POST',
    url: '/activate-device',
    admit: admit.limited(({ activateDevice }) => activateDevice),
    body: { schema: RegistrationBody, refusal: 'activationFailed' },
    answer: Type.Object({ activated: Type.Boolean(), accessToken: Type.String(), locked: Type.Boolean() }),
    handle: async ({ request, body }) => {
      const activated = await devices.activate(request.headers.authorization, {
        uniqueDeviceIdentifier: body.uniqueDeviceIdentifier,
        platform: body.devicePlatform ?? '',
        pushToken: body.devicePushToken ?? '',
      })
      return isRefusal(activated) ? activated : { activated: true, ...activated }
    },
  })

  addRoute(app, {
    method: 'POST',
    url: '/add-device',
    admit: admit.device,
    // of the device that asks, as the hosted platform has it: the new one tells about itself when it is activated
    body: { schema: Type.Partial(RegistrationBody), refusal: 'activationFailed' },
    answer: Type.Object({ device: Invitation, qr: Type.Object({ text: Type.String() }) }),
    handle: async ({ request }) => {
      const device = await devices.addDevice(callerOf(request))
      if (isRefusal(device)) return device
      const text = formatActivationCredentials({ activationId: device.activationId, deviceId: device.id })
      return { device: invitationOf(device), qr: { text } }
    },
  })

  addRoute(app, {
    method: 'GET',
    url: '/pending-devices',
    admit: admit.device,
    answer: Type.Object({ devices: Type.Array(Type.Object({ uuidv4: Type.String(), created: Type.String() })) }),
    handle: async ({ request }) => {
      const pending = await devices.listPending(callerOf(request))
      return { devices: pending.map(({ id, createdAt }) => ({ uuidv4: id, created: isoTime(createdAt) })) }
    },
  })

  addRoute(app, {
    method: 'PATCH',
    url: '/pending-devices',
    admit: admit.device,
    body: { schema: PendingDeviceBody, refusal: 'bodyNotJson' },
    answer: Type.Object({ activated: Type.Boolean() }),
    handle: async ({ request, body }) => {
      const id = readUuid(body.uuidv4)
      const allowed = id === null ? refuse('deviceNotPending') : await devices.allowPending(callerOf(request), id)
      return isRefusal(allowed) ? allowed : { activated: true }
    },
  })

  addRoute(app, {
    method: 'DELETE',
    url: '/pending-devices',
    admit: admit.device,
    body: { schema: PendingDeviceBody, refusal: 'bodyNotJson' },
    answer: Type.Object({ deleted: Type.Boolean() }),
    handle: async ({ request, body }) => {
      const id = readUuid(body.uuidv4)
      const dismissed = id === null ? refuse('deviceNotPending') : await devices.dismissPending(callerOf(request), id)
      return isRefusal(dismissed) ? dismissed : { deleted: true }
    },
  })

  addRoute(app, {
    method: 'POST',
    url: '/update-device',
    admit: admit.device,
    body: { schema: Type.Object({ devicePushToken: PushToken }), refusal: 'bodyNotJson' },
    answer: Type.Object({
      updates: Type.Object({ devicePushToken: Type.Object({ affected: Type.Number(), changed: Type.Number() }) }),
    }),
    handle: async ({ request, body }) => {
      const changed = await devices.changePushToken(callerOf(request), body.devicePushToken)
      return { updates: { devicePushToken: { affected: 1, changed: changed ? 1 : 0 } } }
    },
  })

  addRoute(app, {
    method: 'POST',
    url: '/refresh-token',
    admit: admit.refreshingDevice,
    answer: Type.Object({ refresh_token: Type.String(), bearer_hash: Type.String() }),
    handle: async ({ request }) => {
      const { refreshToken, bearerHash } = await devices.refresh(callerOf(request))
      return { refresh_token: refreshToken, bearer_hash: bearerHash }
    },
  })
}
