import type { Kysely } from 'kysely'
import type { ReadonlyKysely } from 'kysely/readonly'
import type { Grant, KnownUserToken } from '../application/application-store.ts'
import { validUserToken, type UserToken } from '../application/user-token.ts'
import { applicationOf, selectApplications } from './application-table.ts'
import type { Database } from './database.ts'
import type { Schema, UserTokenTable } from './schema.ts'

/** What users granted to applications: at most one token for each pair. */

export const userTokenOf = (row: Pick<UserTokenTable, 'token' | 'issued_at' | 'expires_at'>): UserToken => ({
  token: row.token,
  issuedAt: row.issued_at,
  expiresAt: row.expires_at,
})

/** Expired or not. */
export const readUserToken = async (
  db: Pick<ReadonlyKysely<Schema>, 'selectFrom'>,
  applicationId: string,
  userId: string,
): Promise<UserToken | null> => {
  const row = await db
    .selectFrom('user_tokens')
    .select(['token', 'issued_at', 'expires_at'])
    .where('user_id', '=', userId)
    .where('application_id', '=', applicationId)
    .executeTakeFirst()
  return row === undefined ? null : userTokenOf(row)
}

/** The token as this application knows it; null when it never issued it. */
export const findKnownUserToken = async (
  db: ReadonlyKysely<Schema>,
  database: Database,
  applicationId: string,
  token: string,
): Promise<KnownUserToken | null> => {
  const row = await db
    .selectFrom('user_tokens')
    .select(['token', 'user_id', 'issued_at', 'expires_at'])
    .select((from) => [
      database.clock().as('now'),
      from
        .selectFrom('devices')
        .select('devices.id')
        .whereRef('devices.user_id', '=', 'user_tokens.user_id')
        .where('devices.state', '=', 'active')
        .limit(1)
        .as('active_device'),
    ])
    .where('token', '=', token)
    .where('application_id', '=', applicationId)
    .executeTakeFirst()
  if (row === undefined) return null
  const userToken = userTokenOf(row)
  const active = validUserToken(userToken, row.now) !== null && row.active_device !== null
  return { ...userToken, userId: row.user_id, active }
}

/** Valid ones with their applications, oldest first. */
export const readGrants = async (db: ReadonlyKysely<Schema>, database: Database, userId: string): Promise<Grant[]> => {
  const rows = await selectApplications(db)
    .innerJoin('user_tokens', 'user_tokens.application_id', 'applications.id')
    .select(['token', 'issued_at', 'expires_at', database.clock().as('now')])
    .where('user_id', '=', userId)
    .orderBy('issued_at')
    .execute()
  return rows
    .map((row) => ({ application: applicationOf(row), userToken: userTokenOf(row), now: row.now }))
    .filter(({ userToken, now }) => validUserToken(userToken, now) !== null)
}

export const writeUserToken = async (
  db: Kysely<Schema>,
  applicationId: string,
  userId: string,
  { token, issuedAt, expiresAt }: UserToken,
): Promise<void> => {
  const granted = { token, issued_at: issuedAt, expires_at: expiresAt }
  await db
    .insertInto('user_tokens')
    .values({ application_id: applicationId, user_id: userId, ...granted })
    .onConflict((conflict) => conflict.columns(['user_id', 'application_id']).doUpdateSet(granted))
    .execute()
}

/** False when there was none. */
export const deleteUserToken = async (db: Kysely<Schema>, applicationId: string, userId: string): Promise<boolean> => {
  const { numDeletedRows } = await db
    .deleteFrom('user_tokens')
    .where('user_id', '=', userId)
    .where('application_id', '=', applicationId)
    .executeTakeFirstOrThrow()
  return numDeletedRows > 0n
}
