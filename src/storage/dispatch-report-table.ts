import type { ExpressionBuilder, Kysely } from 'kysely'
import type { DispatchReport, Payload } from '../payload/payload.ts'
import type { DispatchReportTable, Schema } from './schema.ts'

/** What wallets said the ledger answered: rows that are only ever added, one per user and payload. */

/** Those of the payload that the surrounding query selects, in order. */
export const selectDispatchReports = (from: ExpressionBuilder<Schema, 'payloads'>) =>
  from
    .selectFrom('dispatch_reports')
    .select(['user_id', 'at', 'reported_to', 'node_type', 'result'])
    .whereRef('dispatch_reports.payload_id', '=', 'payloads.id')
    .orderBy('position')

export const dispatchReportOf = (row: Omit<DispatchReportTable, 'payload_id' | 'position'>): DispatchReport => ({
  userId: row.user_id,
  at: row.at,
  to: row.reported_to,
  nodeType: row.node_type,
  result: row.result,
})

/** Adds what came behind the reports that were there before. */
export const appendDispatchReports = async (db: Kysely<Schema>, before: Payload, after: Payload): Promise<void> => {
  const known = before.dispatchReports.length
  if (after.dispatchReports.length === known) return
  const rows = after.dispatchReports.slice(known).map((report, index) => ({
    payload_id: after.id,
    position: known + index,
    user_id: report.userId,
    at: report.at,
    reported_to: report.to,
    node_type: report.nodeType,
    result: report.result,
  }))
  await db.insertInto('dispatch_reports').values(rows).execute()
}
