import type { ApplicationStore } from '../application/application-store.ts'
import { deleteApplicationData, readApplicationData, writeApplicationData } from './application-data-table.ts'
import {
  applicationOf,
  insertApplication,
  selectApplications,
  updateApplication,
  updateSealedSecret,
} from './application-table.ts'
import type { Database } from './database.ts'
import { lockUser } from './user-table.ts'
import { deleteUserToken, findKnownUserToken, readGrants } from './user-token-table.ts'

/** Applications, what they stored and what users granted to them, in a database. */
export const applicationStore = (database: Database): ApplicationStore => ({
  create: (newApplication, sealedSecret) =>
    database.write(async (db, now) => {
      const application = { ...newApplication, createdAt: await now() }
      await insertApplication(db, application, sealedSecret)
      return application
    }),

  find: (id) =>
    database.read(async (db) => {
      const row = await selectApplications(db).where('id', '=', id).executeTakeFirst()
      return row === undefined ? null : applicationOf(row)
    }),

  findWithSecrets: (id) =>
    database.read(async (db) => {
      const row = await selectApplications(db)
        .select(['sealed_secret', 'sealed_previous_secret', 'previous_secret_until', database.clock().as('now')])
        .where('id', '=', id)
        .executeTakeFirst()
      if (row === undefined) return null
      const kept = row.previous_secret_until !== null && row.now < row.previous_secret_until
      const sealedPreviousSecret = kept ? row.sealed_previous_secret : null
      return { application: applicationOf(row), sealedSecret: row.sealed_secret, sealedPreviousSecret }
    }),

  list: () =>
    database.read(async (db) => {
      const rows = await selectApplications(db).orderBy('created_at').orderBy('id').execute()
      return rows.map(applicationOf)
    }),

  update: (id, settings) => database.write((db) => updateApplication(db, database, id, settings)),

  replaceSecret: (id, sealedSecret, keepPrevious) =>
    database.write(async (db, now) => updateSealedSecret(db, id, sealedSecret, (await now()) + keepPrevious)),

  readData: (id) => database.read((db) => readApplicationData(db, id)),

  writeData: (id, data) =>
    database.write((db) => (data === null ? deleteApplicationData(db, id) : writeApplicationData(db, id, data))),

  findUserToken: (applicationId, token) =>
    database.read((db) => findKnownUserToken(db, database, applicationId, token)),

  listGrants: (userId) => database.read((db) => readGrants(db, database, userId)),

  revokeGrant: (userId, applicationId) =>
    database.write(async (db) => {
      // a signature under way that read the token would write it back; both lock the user first
      await lockUser(db, database, userId)
      return deleteUserToken(db, applicationId, userId)
    }),
})
