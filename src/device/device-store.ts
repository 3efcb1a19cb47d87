import type { Milliseconds } from '../clock.ts'
import type { Refusal } from '../refusals.ts'
import type { Device, InvitedDevice } from './device.ts'

/**
 * Where users and their devices live. One suite for every database: `test/contract/device-store.suite.ts`.
 *
 * Guarantees: whatever a promise here answered is durable. `change` reads and locks the device, asks `step`, and writes
 * what it returns in one transaction: of two uses of one bearer counter at once, the later sees the earlier.
 */
export interface DeviceStore {
  /** A new user with a first device that waits to be activated, for `activateWithin` from now. */
  addUser(user: NewUser, activateWithin: Milliseconds): Promise<InvitedDevice>

  /**
   * One more device of this user, which will be locked once it is activated. Refuses with `tooManyDevices` when the user
   * has `limit` (expired invitations aside), and with `deviceUnknown` when there is no such user any more.
   */
  addDevice(
    userId: string,
    deviceId: string,
    activateWithin: Milliseconds,
    limit: number,
  ): Promise<InvitedDevice | Refusal>

  /** @returns the step's answer; null when there is no such device */
  change<A>(
    key: DeviceKey,
    step: (device: Device, now: Milliseconds) => DeviceChange<A>,
  ): Promise<{ readonly answer: A } | null>

  /** Locked ones, and those invited whose time has not passed; oldest first. */
  listPending(userId: string): Promise<Device[]>

  /**
   * Removes invitations whose time has passed, oldest first and at most `limit`, and with them their users when these
   * have no active device.
   *
   * @returns how many invitations went
   */
  removeStale(limit: number): Promise<number>
}

export interface NewUser {
  readonly userId: string
  readonly activationId: string
  readonly deviceId: string
}

export type DeviceKey = { readonly id: string } | { readonly accessTokenHash: string }

/** What one step does to a device: writes it, removes it (null), or, without the key, leaves it as it is. */
export interface DeviceChange<A> {
  readonly device?: Device | null
  readonly answer: A
}
