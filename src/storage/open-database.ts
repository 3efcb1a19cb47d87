import type { Database, DatabaseOptions } from './database.ts'
import { migrate } from './migrate.ts'

/** Opens the database and brings its schema up to date. @throws DatabaseTooNew, OlderNodesMustStop */
export const openDatabase = async (options: DatabaseOptions): Promise<Database> => {
  const database = await connect(options)
  const { migrate: allowed = 'all' } = options
  if (allowed === 'none') return database
  try {
    await migrate(database, { allowed })
    return database
  } catch (error) {
    await database.close()
    throw error
  }
}

const connect = async (options: DatabaseOptions): Promise<Database> => {
  // drivers are loaded when used: nobody needs both
  if (/^postgres(ql)?:\/\//.test(options.url)) {
    const { openPostgres } = await import('./postgres-database.ts')
    return openPostgres(options)
  }
  if (options.url.startsWith('sqlite:')) {
    const { openSqlite } = await import('./sqlite-database.ts')
    return openSqlite(options)
  }
  throw new Error('The database must be given as sqlite:PATH or postgres://HOST/NAME.')
}
