import type { Milliseconds } from '../clock.ts'
import { refuse, type Refusal } from '../refusals.ts'
import { unusedWindow } from './counter-window.ts'
import type { Device, RegisteredDevice, Registration } from './device.ts'
import { noRefreshHashes } from './refresh.ts'
import { isSame } from './secret.ts'

/** What an invited device shows to be activated. */
export interface ActivationCredentials {
  /** Lower-case UUIDs. */
  readonly activationId: string
  readonly deviceId: string
}

const form =
  /^(?:Bearer )?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i

/**
 * Reads `[Bearer ]<user uuid>.<device uuid>`, which the real wallet sends without the word. Refuses with
 * `activationFailed`. Source: XRPL-Labs/Xaman-App, src/services/BackendService.ts (activateDevice).
 */
export const parseActivationCredentials = (header: string | undefined): ActivationCredentials | Refusal => {
  const [, activationId, deviceId] = form.exec(header ?? '') ?? []
  if (activationId === undefined || deviceId === undefined) {
    return refuse('activationFailed', 'Send Authorization: <user uuid>.<device uuid>, as add-user gave them.')
  }
  return { activationId: activationId.toLowerCase(), deviceId: deviceId.toLowerCase() }
}

/** How they are written, for a QR that another device of the user reads. */
export const formatActivationCredentials = ({ activationId, deviceId }: ActivationCredentials): string =>
  `${activationId}.${deviceId}`

/** The device after it was activated: active, or locked when another device of its user has to allow it first. */
export const activate = (
  device: Device,
  credentials: ActivationCredentials,
  registration: Registration,
  accessTokenHash: string,
  now: Milliseconds,
): RegisteredDevice | Refusal => {
  if (!isSame(device.activationId, credentials.activationId)) return refuse('activationFailed')
  if (device.state !== 'invited') return refuse('activationFailed', 'This device has been activated already.')
  if (now >= device.activateBy) return refuse('activationFailed', 'The time to activate this device has passed.')
  const { id, userId, activationId, createdAt } = device
  return {
    ...{ id, userId, activationId, createdAt },
    ...registration,
    state: device.startsLocked ? 'locked' : 'active',
    accessTokenHash,
    counter: unusedWindow,
    refreshHashes: noRefreshHashes,
  }
}

/** An active device of the same user allows this one. */
export const allow = (device: Device, userId: string): RegisteredDevice | Refusal => {
  if (device.userId !== userId || device.state === 'active') return refuse('deviceNotPending')
  if (device.state === 'invited') return refuse('deviceNotPending', 'This device has not been activated yet.')
  return { ...device, state: 'active' }
}
