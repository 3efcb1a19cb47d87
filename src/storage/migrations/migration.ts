import type { Kysely } from 'kysely'
import type { Schema } from '../schema.ts'

/** One step of the schema. What was released is never edited: a change is a new step. */
export interface Migration {
  /** Unique and rising. */
  readonly number: number
  /** The file's name. */
  readonly name: string
  /**
   * It only adds what older code does not notice, so that older nodes may go on beside newer ones. When false, nodes of
   * older versions must be stopped first and refuse to start afterwards, and an operator runs it by `countersign migrate`.
   */
  readonly additive: boolean
  /** The same statements for both databases: types of both are `text`, `integer` and `bigint`. */
  readonly up: (db: Kysely<Schema>) => Promise<void>
}
