import type { Milliseconds } from '../clock.ts'
import type { CounterWindow } from './counter-window.ts'
import type { RefreshHashes } from './refresh.ts'

/** What is true of a device all its life. */
interface Identity {
  /** UUID version 4, lower case. */
  readonly id: string
  /** The stable id of its user, which applications may see. */
  readonly userId: string
  /** The uuid that `add-user` gave: half of what activates a device, so only the user's own devices ever see it. */
  readonly activationId: string
  readonly createdAt: Milliseconds
}

/** Waits to be activated. */
export interface InvitedDevice extends Identity {
  readonly state: 'invited'
  /** From then on it cannot be activated any more. */
  readonly activateBy: Milliseconds
  /** It is not the user's first: once activated it stays locked until another device of the user allows it. */
  readonly startsLocked: boolean
}

export interface RegisteredDevice extends Identity, Registration {
  readonly state: 'locked' | 'active'
  /** Lower-case hex SHA-256. */
  readonly accessTokenHash: string
  readonly counter: CounterWindow
  readonly refreshHashes: RefreshHashes
}

export type Device = InvitedDevice | RegisteredDevice

/** What a device tells about itself when it is activated. */
export interface Registration {
  /** Goes into the hash of its bearers and into the digest of what it is shown. */
  readonly uniqueDeviceIdentifier: string
  /** `ios` or `android`, of the real wallet. */
  readonly platform: string
  /** Empty when it does not take pushes. */
  readonly pushToken: string
}

/** In characters. Generous: identifiers are UUIDs, and FCM tokens have at most a few hundred. */
export const registrationLimits = { uniqueDeviceIdentifier: 128, platform: 32, pushToken: 4096 }

/** Those that were invited or wait for permission included. */
export const maxDevicesPerUser = 8

/** How long an invitation is good, and a user without an active device is kept. Source: CONTRACT sections 3 and 6. */
export const activationTime: Milliseconds = 60 * 60 * 1000
