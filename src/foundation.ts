import { randomBytes, randomUUID } from 'node:crypto'
import type { ApplicationStore } from './application/application-store.ts'
import { createApplications, type Applications } from './application/applications.ts'
import { secretKeyFromFile } from './application/secret-key-file.ts'
import { createSecretBox } from './application/secret-box.ts'
import type { Configuration } from './configuration/configuration.ts'
import { applicationStore } from './storage/application-store.ts'
import type { Database } from './storage/database.ts'
import { openDatabase } from './storage/open-database.ts'
import { settingTable, type SettingTable } from './storage/setting-table.ts'

/** What the server and the command line have in common: the database and the applications in it. */
export interface Foundation {
  readonly database: Database
  readonly settings: SettingTable
  readonly applicationStore: ApplicationStore
  readonly applications: Applications
  close(): Promise<void>
}

/** The secrets in this database were sealed with another key than the one given. */
export class WrongSecretKey extends Error {}

/**
 * Only migrations that older nodes do not notice are run on a database of an older version, unless `migrations` says
 * otherwise: whoever opens it does not know whether such nodes are at work.
 *
 * @throws WrongSecretKey, DatabaseUnavailable, DatabaseTooNew, OlderNodesMustStop
 */
export const openFoundation = async (
  configuration: Pick<Configuration, 'databaseUrl' | 'databasePoolSize' | 'secretKey' | 'secretRotation'>,
  migrations: 'additive' | 'all' = 'additive',
): Promise<Foundation> => {
  const { databaseUrl, databasePoolSize, secretRotation } = configuration
  const key = configuration.secretKey ?? secretKeyBeside(databaseUrl)
  const database = await openDatabase({ url: databaseUrl, poolSize: databasePoolSize, migrate: migrations })
  try {
    const settings = settingTable(database)
    const secretBox = createSecretBox(Buffer.from(key, 'hex'))
    if ((await settings.readOrWrite('secret key check', secretBox.keyCheck)) !== secretBox.keyCheck) {
      throw new WrongSecretKey(
        'COUNTERSIGN_SECRET_KEY is not the key that the secrets in this database were sealed with',
      )
    }
    const store = applicationStore(database)
    const applications = createApplications({ applications: store, secretBox, newId: randomUUID, secretRotation })
    return { database, settings, applicationStore: store, applications, close: () => database.close() }
  } catch (error) {
    await database.close()
    throw error
  }
}

/** PostgreSQL has no place of its own for a key: there the configuration demands one. */
const secretKeyBeside = (databaseUrl: string): string => {
  const path = databaseUrl.slice('sqlite:'.length)
  return path === ':memory:' ? randomBytes(32).toString('hex') : secretKeyFromFile(`${path}.key`)
}
