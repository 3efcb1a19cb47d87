import { refuse, type Refusal } from '../refusals.ts'
import { provesDevice, type Bearer } from './bearer.ts'
import { useCounter } from './counter-window.ts'
import type { Device, RegisteredDevice } from './device.ts'
import type { DeviceChange } from './device-store.ts'
import { useRefreshHash } from './refresh.ts'

/**
 * Whether a call is this device's own, and what the call leaves behind on it.
 *
 * The order is deliberate: a device that may not call learns that first (831), whatever else is wrong; without the right
 * hash nothing is written (830), so nobody but the device can use up its counters; from then on the counter is spent,
 * also by a call whose fourth part is refused (890): the device repeats that one with a new counter, and nobody else
 * can repeat it at all.
 *
 * @param refreshing the call is the one to `refresh-token`, which takes any fourth part
 */
export const authenticate = (
  device: Device,
  bearer: Bearer,
  refreshing: boolean,
): DeviceChange<RegisteredDevice | Refusal> => {
  if (device.state !== 'active') return { answer: refuse('deviceUnknown') }
  if (!provesDevice(bearer, device.uniqueDeviceIdentifier)) return { answer: refuse('bearerReplayed') }
  const counter = useCounter(device.counter, bearer.counter)
  if (counter === null) return { answer: refuse('bearerReplayed') }
  const hashes = useRefreshHash(device.refreshHashes, bearer.refreshHash)
  const after = { ...device, counter, refreshHashes: hashes ?? device.refreshHashes }
  return { device: after, answer: hashes === null && !refreshing ? refuse('bearerHashWrong') : after }
}
