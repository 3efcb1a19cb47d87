import type { Kysely } from 'kysely'
import type { Change, Changed, Current } from '../payload/payload-store.ts'
import { isRefusal, type Refusal } from '../refusals.ts'
import { readApplication } from './application-table.ts'
import type { Database } from './database.ts'
import { writeDebts } from './delivery-table.ts'
import { appendDispatchReports } from './dispatch-report-table.ts'
import { insertFollowedTransaction } from './followed-transaction-table.ts'
import { appendOpens } from './open-table.ts'
import { foundOf, lockPayload, selectPayloads, updatePayload } from './payload-table.ts'
import { writePendingCheck } from './pending-check-table.ts'
import { keepRefusedSignature } from './refused-signature-table.ts'
import type { Schema } from './schema.ts'
import { lockUser } from './user-table.ts'
import { readUserToken, writeUserToken } from './user-token-table.ts'

/**
 * The one transaction in which a payload changes: lock, read, ask the step, write what it says.
 *
 * There is one order of locks: payload, user, and then rows that hang on them. A change locks one payload before anything
 * else; what begins at a user (a grant revoked, a device activated) never goes on to a payload. So no two transactions
 * each hold what the other waits for. The user is locked because a token that does not exist yet cannot be.
 */
export const changePayload = <C extends Change>(
  database: Database,
  id: string,
  userId: string | null,
  step: (current: Current) => C | Refusal,
): Promise<Changed<C> | Refusal | null> =>
  database.write(async (db) => {
    if (!(await lockPayload(db, database, id))) return null
    if (userId !== null) await lockUser(db, database, userId)
    // a statement of its own after the locks: it sees what those who held them wrote, and its clock is later than theirs
    const row = await selectPayloads(db, database).where('id', '=', id).executeTakeFirstOrThrow()
    const found = foundOf(row)
    const application = await readApplication(db, row.application_id)
    const userToken = userId === null ? null : await readUserToken(db, row.application_id, userId)

    const change = step({ ...found, application, userToken })
    if (isRefusal(change)) return change
    await writeChange(db, database, found.payload, change, userId, found.now)
    return { before: found.payload, change, now: found.now }
  })

const writeChange = async (
  db: Kysely<Schema>,
  database: Database,
  before: Change['payload'],
  { payload, userToken, refusedSignature, pendingCheck, followedTransaction, debts }: Change,
  userId: string | null,
  now: number,
): Promise<void> => {
  await updatePayload(db, database, before, payload)
  await appendOpens(db, before, payload)
  await appendDispatchReports(db, before, payload)
  if (userToken !== undefined && userId !== null) await writeUserToken(db, payload.applicationId, userId, userToken)
  const kept = refusedSignature !== undefined && (await keepRefusedSignature(db, payload.id, refusedSignature, now))
  if (pendingCheck !== undefined) await writePendingCheck(db, pendingCheck)
  if (followedTransaction !== undefined) await insertFollowedTransaction(db, followedTransaction)
  if (debts !== undefined) {
    // what is beyond the bound on refused signatures is told to nobody, either
    const owed = debts.owed.filter(({ event }) => event !== 'refused' || kept)
    await writeDebts(db, payload.id, { ...debts, owed }, now)
  }
}
