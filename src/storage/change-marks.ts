import { sql, type RawBuilder, type SqlBool } from 'kysely'

/**
 * How it is known which payloads changed lately: each change leaves a mark in `payloads.changed_in`, and a reader keeps the
 * position up to which it has seen all marks. Times would not do: a process that was stopped between its UPDATE and its
 * COMMIT commits a time that every reader has long passed.
 */
export interface ChangeMarks {
  /** What a change writes into `changed_in`. */
  readonly mark: RawBuilder<number>
  /** Up to where every mark can be seen now, as text. */
  readonly position: RawBuilder<string>
  /** Which rows became visible after the one position was read and up to the other. */
  readonly between: (since: string, until: string) => RawBuilder<SqlBool>
}

/**
 * PostgreSQL: the mark is the writing transaction, a position is a snapshot (`xmin:xmax:those under way`). What became
 * visible between two snapshots was written by a transaction that had not begun at the first (from its xmax on) or was
 * under way then. So one that is held up is found when it commits, however late, and costs nothing meanwhile.
 *
 * Numbers from the later xmax on are left out: they are of transactions that have not begun, so the row came here with a
 * backup of another cluster.
 *
 * Source: https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-PG-SNAPSHOT
 */
export const transactionMarks: ChangeMarks = {
  mark: sql<number>`pg_current_xact_id()::text::bigint`,
  position: sql<string>`pg_current_snapshot()::text`,
  between: (since, until) => {
    const { xmax, underWay } = readSnapshot(since)
    return sql<SqlBool>`(changed_in >= ${xmax}::bigint and changed_in < ${readSnapshot(until).xmax}::bigint
      or changed_in = any(${underWay}::bigint[]))`
  },
}

/** Transaction numbers as text: nothing here calculates with them. */
const readSnapshot = (text: string): { xmax: string; underWay: string[] } => {
  const [, xmax, underWay] = text.split(':') as [string, string, string]
  return { xmax, underWay: underWay === '' ? [] : underWay.split(',') }
}

/**
 * SQLite: writers come one after the other, so counting is enough, and a position is the highest mark there is. It says
 * that it wants no null, since only then the index of marks will do; else every payload would be looked at.
 */
export const countedMarks: ChangeMarks = {
  mark: sql<number>`(select coalesce(max(changed_in), 0) + 1 from payloads where changed_in is not null)`,
  position: sql<string>`(
    select cast(coalesce(max(changed_in), 0) as text) from payloads where changed_in is not null
  )`,
  between: (since) => sql<SqlBool>`changed_in > cast(${since} as integer)`,
}
