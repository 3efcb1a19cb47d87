import { factsOf } from '../payload/facts.ts'
import type { PayloadStore } from '../payload/payload-store.ts'
import { refuse } from '../refusals.ts'
import { changePayload } from './change-payload.ts'
import type { Database } from './database.ts'
import { insertDeliveries } from './delivery-table.ts'
import {
  deleteFollowedTransaction,
  leaseFollowedTransactions,
  setFollowedTransactionDue,
} from './followed-transaction-table.ts'
import { outlineOf, readChanges, selectOutlines } from './outline.ts'
import { beginPayload, foundOf, insertPayload, selectPayloads } from './payload-table.ts'
import { deletePendingCheck, leasePendingChecks, setPendingCheckDue } from './pending-check-table.ts'
import { readRefusedSignatures } from './refused-signature-table.ts'

/** Payloads in a database. */
export const payloadStore = (database: Database): PayloadStore => {
  type Selecting = ReturnType<typeof selectPayloads>
  const findWhere = (where: (query: Selecting) => Selecting) =>
    database.read(async (db) => {
      const row = await where(selectPayloads(db, database)).executeTakeFirst()
      return row === undefined ? null : foundOf(row)
    })
  return {
    create: (newPayload, owes) =>
      database.write(async (db, now) => {
        const payload = beginPayload(newPayload, await now())
        if (!(await insertPayload(db, payload))) return refuse('identifierTaken')
        await insertDeliveries(db, owes(payload), payload.createdAt)
        return payload
      }),

    find: (id) => findWhere((query) => query.where('id', '=', id)),

    findByIdentifier: (applicationId, identifier) =>
      findWhere((query) => query.where('application_id', '=', applicationId).where('identifier', '=', identifier)),

    readFacts: (ids) =>
      database.read(async (db) => {
        const rows = await selectPayloads(db, database).where(database.dialect.isOneOf('payloads.id', ids)).execute()
        return rows.map(foundOf).map(({ payload, now }) => ({ payloadId: payload.id, facts: factsOf(payload), now }))
      }),

    readOutlines: (ids) =>
      database.read(async (db) => {
        const rows = await selectOutlines(db).where(database.dialect.isOneOf('payloads.id', ids)).execute()
        return rows.map(outlineOf)
      }),

    readChanges: (since) => database.read((db) => readChanges(db, database, since)),

    change: (id, userId, step) => changePayload(database, id, userId, step),

    listPendingFor: (userId, limit) =>
      database.read(async (db) => {
        const rows = await selectPayloads(db, database)
          .where('pushed_user_id', '=', userId)
          .where('resolved_at', 'is', null)
          .where('cancelled_at', 'is', null)
          .where('expires_at', '>', database.clock())
          .orderBy('created_at', 'desc')
          .limit(limit)
          .execute()
        return rows.map(foundOf)
      }),

    claimPendingChecks: (limit, lease) =>
      database.write(async (db, now) => {
        const at = await now()
        return { checks: await leasePendingChecks(db, database, limit, at, lease), now: at }
      }),

    postponePendingCheck: (id, dueAt) => database.write((db) => setPendingCheckDue(db, id, dueAt)),

    removePendingCheck: (id) => database.write((db) => deletePendingCheck(db, id)),

    claimFollowedTransactions: (limit, lease) =>
      database.write(async (db, now) => {
        const at = await now()
        return { followed: await leaseFollowedTransactions(db, database, limit, at, lease), now: at }
      }),

    postponeFollowedTransaction: (payloadId, dueAt) =>
      database.write((db) => setFollowedTransactionDue(db, payloadId, dueAt)),

    removeFollowedTransaction: (payloadId) => database.write((db) => deleteFollowedTransaction(db, payloadId)),

    listRefusedSignatures: (payloadId) => database.read((db) => readRefusedSignatures(db, payloadId)),
  }
}
