import type { PageStore } from '../live/page-presence.ts'
import type { Database } from './database.ts'

/** Which nodes have sign pages of which payloads. */
export const pageStore = (database: Database): PageStore => ({
  write: (nodeId, present, gone, lease) =>
    database.write(async (db, now) => {
      const presentUntil = (await now()) + lease
      for (const payloadId of present) {
        await db
          .insertInto('pages')
          .values({ payload_id: payloadId, node_id: nodeId, present_until: presentUntil })
          .onConflict((conflict) =>
            conflict.columns(['payload_id', 'node_id']).doUpdateSet({ present_until: presentUntil }),
          )
          .execute()
      }
      if (gone.length === 0) return
      await db
        .deleteFrom('pages')
        .where('node_id', '=', nodeId)
        .where(database.dialect.isOneOf('payload_id', gone))
        .execute()
    }),

  isPresent: (payloadId) =>
    database.read(async (db) => {
      const row = await db
        .selectFrom('pages')
        .select('node_id')
        .where('payload_id', '=', payloadId)
        .where('present_until', '>', database.clock())
        .limit(1)
        .executeTakeFirst()
      return row !== undefined
    }),

  sweep: () =>
    database.write(async (db) => {
      await db.deleteFrom('pages').where('present_until', '<=', database.clock()).execute()
    }),
})
