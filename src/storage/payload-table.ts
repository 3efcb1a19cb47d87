import type { Kysely } from 'kysely'
import type { ReadonlyKysely } from 'kysely/readonly'
import type { Milliseconds } from '../clock.ts'
import { factsEqual, factsOf } from '../payload/facts.ts'
import type { CustomMeta, LedgerAnswer, Outcome, Payload, SignRequest } from '../payload/payload.ts'
import type { Found, NewPayload } from '../payload/payload-store.ts'
import { jsonRows, type Database } from './database.ts'
import { dispatchReportOf, selectDispatchReports } from './dispatch-report-table.ts'
import { openOf, selectOpens } from './open-table.ts'
import { flag, type PayloadTable, type Schema } from './schema.ts'

/** Payloads as rows: what is queried has columns, what never changes is JSON. */

/** The payload as it begins: times set, nothing happened yet. */
export const beginPayload = ({ lifetime, ...payload }: NewPayload, now: Milliseconds): Payload => ({
  ...payload,
  createdAt: now,
  expiresAt: now + Math.round(lifetime),
  opens: [],
  preSignedAt: null,
  cancelledAt: null,
  outcome: null,
  dispatchReports: [],
  ledgerAnswer: null,
})

/** @returns false when the application used the identifier before */
export const insertPayload = async (db: Kysely<Schema>, payload: Payload): Promise<boolean> => {
  const { identifier, ...customMeta } = payload.customMeta
  const row: PayloadTable = {
    id: payload.id,
    application_id: payload.applicationId,
    identifier,
    request: JSON.stringify(payload.request),
    custom_meta: JSON.stringify(customMeta),
    created_at: payload.createdAt,
    expires_at: payload.expiresAt,
    pushed_user_id: payload.pushedTo?.userId ?? null,
    pushed_exclusive: flag(payload.pushedTo?.exclusive ?? false),
    ...happenedColumns(payload),
    changed_in: null,
  }
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('payloads')
    .values(row)
    .onConflict((conflict) => conflict.columns(['application_id', 'identifier']).doNothing())
    .executeTakeFirstOrThrow()
  return numInsertedOrUpdatedRows === 1n
}

/** Holds the payload until the end of the transaction. False when there is none. */
export const lockPayload = async (db: Kysely<Schema>, database: Database, id: string): Promise<boolean> => {
  const row = await db
    .selectFrom('payloads')
    .select('id')
    .where('id', '=', id)
    .$if(database.dialect.rowLocks, (query) => query.forUpdate())
    .executeTakeFirst()
  return row !== undefined
}

/** Whole payloads with the database's clock, in one statement, so that all their parts are of one moment. */
export const selectPayloads = (db: Pick<ReadonlyKysely<Schema>, 'selectFrom'>, database: Database) =>
  db
    .selectFrom('payloads')
    .selectAll('payloads')
    .select((from) => [
      database.dialect.jsonArrayFrom(selectOpens(from)).as('opens'),
      database.dialect.jsonArrayFrom(selectDispatchReports(from)).as('dispatch_reports'),
      database.clock().as('now'),
    ])

export type PayloadRow = Awaited<ReturnType<ReturnType<typeof selectPayloads>['executeTakeFirstOrThrow']>>

export const foundOf = (row: PayloadRow): Found => ({ payload: payloadOf(row), now: row.now })

const payloadOf = (row: PayloadRow): Payload => ({
  id: row.id,
  applicationId: row.application_id,
  request: JSON.parse(row.request) as SignRequest,
  customMeta: {
    identifier: row.identifier,
    ...(JSON.parse(row.custom_meta) as Omit<CustomMeta, 'identifier'>),
  },
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  pushedTo: row.pushed_user_id === null ? null : { userId: row.pushed_user_id, exclusive: row.pushed_exclusive === 1 },
  opens: jsonRows(row.opens).map(openOf),
  preSignedAt: row.pre_signed_at,
  cancelledAt: row.cancelled_at,
  outcome: row.outcome === null ? null : (JSON.parse(row.outcome) as Outcome),
  dispatchReports: jsonRows(row.dispatch_reports).map(dispatchReportOf),
  ledgerAnswer: row.ledger_answer === null ? null : (JSON.parse(row.ledger_answer) as LedgerAnswer),
})

/** Writes what happened, if anything did, and leaves a mark if subscribers are told of it. */
export const updatePayload = async (
  db: Kysely<Schema>,
  database: Database,
  before: Payload,
  after: Payload,
): Promise<void> => {
  const tells = !factsEqual(factsOf(before), factsOf(after))
  const changed =
    before.preSignedAt !== after.preSignedAt ||
    before.cancelledAt !== after.cancelledAt ||
    before.outcome !== after.outcome ||
    before.ledgerAnswer !== after.ledgerAnswer
  if (!changed && !tells) return
  const marked = tells ? { changed_in: database.dialect.changeMarks.mark } : {}
  await db
    .updateTable('payloads')
    .set({ ...happenedColumns(after), ...marked })
    .where('id', '=', after.id)
    .execute()
}

/** The columns that change in the life of a payload. */
const happenedColumns = ({ preSignedAt, cancelledAt, outcome, ledgerAnswer }: Payload) => ({
  pre_signed_at: preSignedAt,
  cancelled_at: cancelledAt,
  resolved_at: outcome?.at ?? null,
  outcome: outcome === null ? null : JSON.stringify(outcome),
  ledger_answer: ledgerAnswer === null ? null : JSON.stringify(ledgerAnswer),
})
