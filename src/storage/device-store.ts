import type { Kysely } from 'kysely'
import type { Milliseconds } from '../clock.ts'
import type { InvitedDevice } from '../device/device.ts'
import type { DeviceStore } from '../device/device-store.ts'
import { refuse } from '../refusals.ts'
import type { Database } from './database.ts'
import { countDevices, deleteDevice, deviceOf, insertDevice, selectDevices, updateDevice } from './device-table.ts'
import type { Schema } from './schema.ts'

/** Users and their devices in a database. */
export const deviceStore = (database: Database): DeviceStore => ({
  addUser: ({ userId, activationId, deviceId }, activateWithin) =>
    database.write(async (db, now) => {
      const createdAt = await now()
      await db.insertInto('users').values({ id: userId, activation_id: activationId, created_at: createdAt }).execute()
      const identity = { id: deviceId, userId, activationId, createdAt }
      return invite(db, { ...identity, activateBy: createdAt + activateWithin, startsLocked: false })
    }),

  addDevice: (userId, deviceId, activateWithin, limit) =>
    database.write(async (db, now) => {
      // held to the end, so that of two at once the later counts the earlier
      const user = await db
        .selectFrom('users')
        .select('activation_id')
        .where('id', '=', userId)
        .$if(database.dialect.rowLocks, (query) => query.forUpdate())
        .executeTakeFirst()
      if (user === undefined) return refuse('deviceUnknown')
      const createdAt = await now()
      if ((await countDevices(db, userId, createdAt)) >= limit) return refuse('tooManyDevices')
      const identity = { id: deviceId, userId, activationId: user.activation_id, createdAt }
      return invite(db, { ...identity, activateBy: createdAt + activateWithin, startsLocked: true })
    }),

  change: (key, step) =>
    database.write(async (db) => {
      const row = await selectDevices(db)
        .select(database.clock().as('now'))
        .where((one) =>
          'id' in key ? one('devices.id', '=', key.id) : one('access_token_hash', '=', key.accessTokenHash),
        )
        .$if(database.dialect.rowLocks, (query) => query.forUpdate('devices'))
        .executeTakeFirst()
      if (row === undefined) return null
      const { device, answer } = step(deviceOf(row), row.now)
      if (device === null) await deleteDevice(db, row.id)
      else if (device !== undefined) await updateDevice(db, device)
      return { answer }
    }),

  listPending: (userId) =>
    database.read(async (db) => {
      const rows = await selectDevices(db)
        .where('user_id', '=', userId)
        .where((one) =>
          one.or([
            one('state', '=', 'locked'),
            one.and([one('state', '=', 'invited'), one('activate_by', '>', database.clock())]),
          ]),
        )
        .orderBy('devices.created_at')
        .orderBy('devices.id')
        .execute()
      return rows.map(deviceOf)
    }),

  removeStale: (limit) =>
    database.write(async (db, now) => {
      const users = await deleteExpiredInvitations(db, await now(), limit)
      if (users.length === 0) return 0
      // in a statement of its own: the one before waited for activations under way, and this one sees what they did
      await db
        .deleteFrom('users')
        .where('id', 'in', users)
        .where((user) =>
          user.not(
            user.exists(
              user
                .selectFrom('devices')
                .select('devices.id')
                .whereRef('devices.user_id', '=', 'users.id')
                .where('state', '=', 'active'),
            ),
          ),
        )
        .execute()
      return users.length
    }),
})

const invite = async (db: Kysely<Schema>, device: Omit<InvitedDevice, 'state'>): Promise<InvitedDevice> => {
  const invited: InvitedDevice = { ...device, state: 'invited' }
  await insertDevice(db, invited)
  return invited
}

/** @returns whose they were */
const deleteExpiredInvitations = async (db: Kysely<Schema>, now: Milliseconds, limit: number): Promise<string[]> => {
  const expired = db
    .selectFrom('devices')
    .select('id')
    .where('state', '=', 'invited')
    .where('activate_by', '<=', now)
    .orderBy('activate_by')
    .limit(limit)
  const rows = await db
    .deleteFrom('devices')
    .where('id', 'in', expired)
    .where('state', '=', 'invited')
    .returning('user_id')
    .execute()
  return rows.map((row) => row.user_id)
}
