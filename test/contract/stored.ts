import { randomUUID } from 'node:crypto'
import type { ApplicationSettings } from '../../src/application/application.ts'
import type { Clock } from '../../src/clock.ts'
import { activate } from '../../src/device/activation.ts'
import type { DeviceStore } from '../../src/device/device-store.ts'
import { isRefusal } from '../../src/refusals.ts'
import { applicationStore } from '../../src/storage/application-store.ts'
import type { Database } from '../../src/storage/database.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { deliveryStore } from '../../src/storage/delivery-store.ts'
import { deviceStore } from '../../src/storage/device-store.ts'
import { pageStore } from '../../src/storage/page-table.ts'
import { payloadStore } from '../../src/storage/payload-store.ts'
import { aNewApplication } from '../application-fixture.ts'
import type { TestDatabase } from '../databases.ts'
import { aPayload } from '../payload-fixture.ts'

/** The stores over one temporary database, and owners for what the suites put in. */
export const openStored = async (kind: TestDatabase, clock: Clock) => {
  const temporary = await kind.create()
  const database = await openDatabase({ url: temporary.url, clock })
  const others: Database[] = []
  const applications = applicationStore(database)
  const devices = deviceStore(database)
  return {
    url: temporary.url,
    deliveries: deliveryStore(database),
    payloads: payloadStore(database),
    applications,
    devices,
    addApplication: async (changes: Partial<ApplicationSettings> = {}) =>
      (await applications.create(aNewApplication(changes), 'sealed')).id,
    pages: pageStore(database),
    addPayload: async (): Promise<string> => {
      const applicationId = (await applications.create(aNewApplication(), 'sealed')).id
      const { request, customMeta } = aPayload()
      const payload = { id: randomUUID(), applicationId, request, customMeta, pushedTo: null, lifetime: 60_000 }
      await payloadStore(database).create(payload, () => [])
      return payload.id
    },
    addUser: (activated = true) => addUser(devices, activated),
    removeDeliveries: () =>
      database.write(async (db) => {
        await db.deleteFrom('deliveries').execute()
      }),
    openAnother: async () => {
      const another = await openDatabase({ url: temporary.url, clock })
      others.push(another)
      return deliveryStore(another)
    },
    close: async () => {
      await Promise.all([database, ...others].map((one) => one.close()))
      await temporary.drop()
    },
  }
}

/** @returns the id of a user with one device, active or only invited */
const addUser = async (devices: DeviceStore, activated: boolean): Promise<string> => {
  const credentials = { activationId: randomUUID(), deviceId: randomUUID() }
  const { userId } = await devices.addUser({ userId: randomUUID(), ...credentials }, 60_000)
  if (!activated) return userId
  const registration = { uniqueDeviceIdentifier: randomUUID(), platform: 'ios', pushToken: '' }
  await devices.change({ id: credentials.deviceId }, (device, now) => {
    const active = activate(device, credentials, registration, randomUUID(), now)
    if (isRefusal(active)) throw new Error(active.refused)
    return { device: active, answer: null }
  })
  return userId
}
