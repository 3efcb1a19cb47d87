import type { ReadonlyKysely } from 'kysely/readonly'
import type { Milliseconds } from '../clock.ts'
import type { DeliveryStore } from '../webhook/delivery-store.ts'
import { deleteAttempts, insertAttempt, readAttempts } from './attempt-table.ts'
import type { Database } from './database.ts'
import { endLease, leaseDeliveries, releaseDeliveries } from './delivery-claims.ts'
import { insertDeliveries, listDeliveries, readDelivery } from './delivery-table.ts'
import { countDue, readOwingApplications } from './owing-applications.ts'
import { beginRound, beginRoundOfFailed } from './redelivery.ts'
import type { Schema } from './schema.ts'

/** How many failed deliveries are owed again in one transaction; on SQLite everyone waits for it. */
const redeliveryBatch = 500

/** Deliveries in a database. */
export const deliveryStore = (database: Database): DeliveryStore => ({
  listDueApplications: () =>
    database.read(async (db) => {
      const now = await database.now()
      return (await readOwingApplications(db)).filter(({ dueAt }) => dueAt <= now)
    }),

  claim: (applicationId, limit, claim, lease) =>
    database.write(async (db, now) =>
      leaseDeliveries(db, database, { applicationId, limit, claim, lease }, await now()),
    ),

  record: (claim, attempt, next) =>
    database.write(async (db, now) => {
      if (!(await endLease(db, claim, attempt, next, await now()))) return false
      await insertAttempt(db, attempt)
      return true
    }),

  release: (claim, deliveryIds) => database.write((db) => releaseDeliveries(db, claim, deliveryIds)),

  nextDueAt: () =>
    database.read(async (db) => {
      const [earliest] = await readOwingApplications(db)
      return { dueAt: earliest?.dueAt ?? null, now: await database.now() }
    }),

  add: (delivery) => database.write(async (db, now) => insertDeliveries(db, [delivery], await now())),

  find: (id) =>
    database.read(async (db) => {
      const delivery = await readDelivery(db, id)
      return delivery === null ? null : { delivery, attempts: await readAttempts(db, id) }
    }),

  list: (filter) => database.read((db) => listDeliveries(db, filter)),

  redeliver: (id) => database.write(async (db, now) => beginRound(db, id, await now())),

  redeliverFailed: async (since, applicationId) => {
    // what fails again meanwhile is not begun again
    const failed = { since, until: await database.now(), applicationId, limit: redeliveryBatch }
    let begun = 0
    for (;;) {
      const some = await database.write(async (db, now) => beginRoundOfFailed(db, failed, await now()))
      begun += some
      if (some < redeliveryBatch) return begun
    }
  },

  forgetAttempts: (age, limit) => database.write(async (db, now) => deleteAttempts(db, (await now()) - age, limit)),

  backlog: () => database.read(async (db) => readBacklog(db, await database.now())),
})

const readBacklog = async (db: ReadonlyKysely<Schema>, now: Milliseconds) => {
  const oldest = await db
    .selectFrom('deliveries')
    .select('owed_at')
    .where('due_at', 'is not', null)
    .orderBy('owed_at')
    .limit(1)
    .executeTakeFirst()
  const oldestAge = oldest === undefined || oldest.owed_at > now ? null : now - oldest.owed_at
  return { due: await countDue(db, now), oldestAge }
}
