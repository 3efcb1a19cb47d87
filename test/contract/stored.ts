import { randomUUID } from 'node:crypto'
import type { Clock } from '../../src/clock.ts'
import { applicationStore } from '../../src/storage/application-store.ts'
import { openDatabase, type Database } from '../../src/storage/database.ts'
import { payloadStore } from '../../src/storage/payload-store.ts'
import type { DeviceTable } from '../../src/storage/schema.ts'
import type { TestDatabase } from '../databases.ts'

/** The stores over one temporary database, and what their suites need beside them. */
export const openStored = async (kind: TestDatabase, clock?: Clock) => {
  const temporary = await kind.create()
  const database = await openDatabase({ url: temporary.url, ...(clock === undefined ? {} : { clock }) })
  return {
    payloads: payloadStore(database),
    applications: applicationStore(database),
    addUser: () => addUser(database),
    addDevice: (userId: string, state: DeviceTable['state']) => addDevice(database, userId, state),
    close: async () => {
      await database.close()
      await temporary.drop()
    },
  }
}

export type Stored = Awaited<ReturnType<typeof openStored>>

/** @returns the user's id */
const addUser = (database: Database): Promise<string> =>
  database.write(async (db, now) => {
    const id = randomUUID()
    await db
      .insertInto('users')
      .values({ id, activation_id: randomUUID(), created_at: await now() })
      .execute()
    return id
  })

const addDevice = (database: Database, userId: string, state: DeviceTable['state']): Promise<void> =>
  database.write(async (db, now) => {
    const device: DeviceTable = {
      id: randomUUID(),
      user_id: userId,
      state,
      created_at: await now(),
      activate_by: await now(),
      access_token_hash: null,
      unique_device_identifier: null,
      platform: null,
      push_token: null,
      counter_highest: 0,
      counter_window: '',
      bearer_hash: null,
      next_bearer_hash: null,
      idempotence: 0,
    }
    await db.insertInto('devices').values(device).execute()
  })

export const anApplication = (name = 'Shop') => ({
  id: randomUUID(),
  name,
  description: 'Sells things',
  iconUrl: 'https://shop.test/icon.png',
  webhookUrl: 'https://shop.test/hook',
  disabled: false,
  bindSignIn: false,
  pushedUserOnly: false,
})
