import type { Database } from './database.ts'

/** What the server itself must remember between starts, one text for each key. */
export interface SettingTable {
  read(key: string): Promise<string | null>
  write(key: string, value: string): Promise<void>
  /** Of several that do this at once one writes; all get what is kept from then on. */
  readOrWrite(key: string, value: string): Promise<string>
}

export const settingTable = (database: Database): SettingTable => {
  const read = (key: string) =>
    database.read(async (db) => {
      const row = await db.selectFrom('settings').select('value').where('key', '=', key).executeTakeFirst()
      return row?.value ?? null
    })
  return {
    read,
    write: (key, value) =>
      database.write(async (db) => {
        await db
          .insertInto('settings')
          .values({ key, value })
          .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
          .execute()
      }),
    readOrWrite: async (key, value) =>
      (await read(key)) ??
      database.write(async (db) => {
        await db
          .insertInto('settings')
          .values({ key, value })
          .onConflict((conflict) => conflict.column('key').doNothing())
          .execute()
        const kept = db.selectFrom('settings').select('value').where('key', '=', key)
        return (await kept.executeTakeFirstOrThrow()).value
      }),
  }
}
