import type { Milliseconds } from '../clock.ts'
import { isRefusal, refuse, type Refusal } from '../refusals.ts'
import { activate, allow, parseActivationCredentials } from './activation.ts'
import { authenticate } from './authenticate.ts'
import { parseBearer } from './bearer.ts'
import {
  activationTime,
  maxDevicesPerUser,
  type Device,
  type InvitedDevice,
  type RegisteredDevice,
  type Registration,
} from './device.ts'
import type { DeviceChange, DeviceStore } from './device-store.ts'
import { giveRefreshHash } from './refresh.ts'
import { sha256 } from './secret.ts'

/** What wallets can do about users and devices, over the contract `device-store.ts`. */
export interface Devices {
  addUser(): Promise<InvitedDevice>

  /**
   * Refuses with `activationFailed`.
   *
   * @param header the whole `Authorization` header
   */
  activate(header: string | undefined, registration: Registration): Promise<Activated | Refusal>

  /**
   * The device that calls. Refuses with `bearerMalformed`, `deviceUnknown`, `bearerReplayed` or `bearerHashWrong`.
   *
   * @param header the whole `Authorization` header
   * @param refreshing the call is the one to `refresh-token`
   */
  authenticate(header: string | undefined, refreshing: boolean): Promise<RegisteredDevice | Refusal>

  addDevice(caller: RegisteredDevice): Promise<InvitedDevice | Refusal>
  listPending(caller: RegisteredDevice): Promise<Device[]>
  /** Refuses with `deviceNotPending`, as `dismissPending` does. */
  allowPending(caller: RegisteredDevice, deviceId: string): Promise<RegisteredDevice | Refusal>
  /** The device, invited or locked, is forgotten. */
  dismissPending(caller: RegisteredDevice, deviceId: string): Promise<Device | Refusal>

  /** @returns whether it was another token before */
  changePushToken(caller: RegisteredDevice, pushToken: string): Promise<boolean>

  refresh(caller: RegisteredDevice): Promise<Refreshed>

  /** Forgets invitations that came to nothing, and users without an active device with them; to be called every minute. */
  sweep(): Promise<void>
}

export interface Activated {
  readonly accessToken: string
  readonly locked: boolean
}

export interface Refreshed {
  readonly refreshToken: string
  /** The fourth part of the device's bearers from now on. */
  readonly bearerHash: string
}

export interface DeviceDependencies {
  readonly store: DeviceStore
  /** A new random UUID, version 4. */
  readonly newId: () => string
  /** A new random secret; `newSecret`. */
  readonly newSecret: () => string
  /** Default `activationTime`. */
  readonly activateWithin?: Milliseconds
  /** Default `maxDevicesPerUser`. */
  readonly maxDevices?: number
}

/** How many invitations one transaction of a sweep removes. */
const sweepBatch = 500

export const createDevices = ({
  store,
  newId,
  newSecret,
  activateWithin = activationTime,
  maxDevices = maxDevicesPerUser,
}: DeviceDependencies): Devices => {
  const changeOr = async <A>(
    otherwise: Refusal,
    ...change: Parameters<typeof store.change<A | Refusal>>
  ): Promise<A | Refusal> => {
    const changed = await store.change(...change)
    return changed === null ? otherwise : changed.answer
  }

  return {
    addUser: () => store.addUser({ userId: newId(), activationId: newId(), deviceId: newId() }, activateWithin),

    activate: async (header, registration) => {
      const credentials = parseActivationCredentials(header)
      if (isRefusal(credentials)) return credentials
      const accessToken = newSecret()
      return changeOr<Activated>(refuse('activationFailed'), { id: credentials.deviceId }, (device, now) => {
        const activated = activate(device, credentials, registration, sha256(accessToken), now)
        if (isRefusal(activated)) return { answer: activated }
        return { device: activated, answer: { accessToken, locked: activated.state === 'locked' } }
      })
    },

    authenticate: async (header, refreshing) => {
      const bearer = parseBearer(header)
      if (isRefusal(bearer)) return bearer
      const key = { accessTokenHash: sha256(bearer.accessToken) }
      return changeOr(refuse('deviceUnknown'), key, (device) => authenticate(device, bearer, refreshing))
    },

    addDevice: (caller) => store.addDevice(caller.userId, newId(), activateWithin, maxDevices),

    listPending: (caller) => store.listPending(caller.userId),

    allowPending: (caller, deviceId) =>
      changeOr(refuse('deviceNotPending'), { id: deviceId }, (device) => written(allow(device, caller.userId))),

    dismissPending: (caller, deviceId) =>
      changeOr<Device>(refuse('deviceNotPending'), { id: deviceId }, (device) =>
        device.userId === caller.userId && device.state !== 'active'
          ? { device: null, answer: device }
          : { answer: refuse('deviceNotPending') },
      ),

    changePushToken: async (caller, pushToken) => {
      if (caller.pushToken === pushToken) return false
      const changed = await store.change({ id: caller.id }, (device) =>
        device.state === 'invited' ? { answer: false } : { device: { ...device, pushToken }, answer: true },
      )
      return changed?.answer ?? false
    },

    refresh: async (caller) => {
      const refreshToken = newSecret()
      const bearerHash = sha256(refreshToken)
      await store.change({ id: caller.id }, (device) =>
        device.state === 'invited'
          ? { answer: null }
          : { device: { ...device, refreshHashes: giveRefreshHash(device.refreshHashes, bearerHash) }, answer: null },
      )
      return { refreshToken, bearerHash }
    },

    sweep: async () => {
      while ((await store.removeStale(sweepBatch)) === sweepBatch);
    },
  }
}

const written = (after: RegisteredDevice | Refusal): DeviceChange<RegisteredDevice | Refusal> =>
  isRefusal(after) ? { answer: after } : { device: after, answer: after }
