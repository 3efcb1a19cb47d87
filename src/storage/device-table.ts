import type { Kysely } from 'kysely'
import type { ReadonlyKysely } from 'kysely/readonly'
import type { Milliseconds } from '../clock.ts'
import { unusedWindow } from '../device/counter-window.ts'
import type { Device, InvitedDevice } from '../device/device.ts'
import { noRefreshHashes } from '../device/refresh.ts'
import { flag, type DeviceTable, type Schema } from './schema.ts'

/** Devices as rows, each read with what its user's row knows. */

export const selectDevices = (db: Pick<ReadonlyKysely<Schema>, 'selectFrom'>) =>
  db
    .selectFrom('devices')
    .innerJoin('users', 'users.id', 'devices.user_id')
    .selectAll('devices')
    .select('users.activation_id')

type DeviceRow = DeviceTable & { activation_id: string }

export const deviceOf = (row: DeviceRow): Device => {
  const identity = {
    id: row.id,
    userId: row.user_id,
    activationId: row.activation_id,
    createdAt: row.created_at,
  }
  if (row.state === 'invited') {
    return { ...identity, state: 'invited', activateBy: row.activate_by, startsLocked: row.starts_locked === 1 }
  }
  return {
    ...identity,
    state: row.state,
    uniqueDeviceIdentifier: row.unique_device_identifier!,
    platform: row.platform!,
    pushToken: row.push_token!,
    accessTokenHash: row.access_token_hash!,
    counter: { highest: row.counter_highest, used: BigInt(`0x${row.counter_used}`) },
    refreshHashes: {
      last: row.refresh_hash,
      lastButOne: row.previous_refresh_hash,
      used: row.refresh_hash_used === 1,
    },
  }
}

/** Without invitations whose time has passed. */
export const countDevices = async (db: Kysely<Schema>, userId: string, now: Milliseconds): Promise<number> => {
  const { count } = await db
    .selectFrom('devices')
    .where('user_id', '=', userId)
    .where((one) => one.or([one('state', '!=', 'invited'), one('activate_by', '>', now)]))
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return count
}

export const insertDevice = async (db: Kysely<Schema>, device: InvitedDevice): Promise<void> => {
  await db
    .insertInto('devices')
    .values({
      id: device.id,
      user_id: device.userId,
      created_at: device.createdAt,
      activate_by: device.activateBy,
      starts_locked: flag(device.startsLocked),
      ...changingColumns(device),
    })
    .execute()
}

export const updateDevice = async (db: Kysely<Schema>, device: Device): Promise<void> => {
  await db.updateTable('devices').set(changingColumns(device)).where('id', '=', device.id).execute()
}

export const deleteDevice = async (db: Kysely<Schema>, id: string): Promise<void> => {
  await db.deleteFrom('devices').where('id', '=', id).execute()
}

const changingColumns = (device: Device) => {
  const registered = device.state === 'invited' ? null : device
  const { highest, used } = registered?.counter ?? unusedWindow
  const hashes = registered?.refreshHashes ?? noRefreshHashes
  return {
    state: device.state,
    access_token_hash: registered?.accessTokenHash ?? null,
    unique_device_identifier: registered?.uniqueDeviceIdentifier ?? null,
    platform: registered?.platform ?? null,
    push_token: registered?.pushToken ?? null,
    counter_highest: highest,
    counter_used: used.toString(16),
    refresh_hash: hashes.last,
    previous_refresh_hash: hashes.lastButOne,
    refresh_hash_used: flag(hashes.used),
  }
}
