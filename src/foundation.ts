import { randomBytes, randomUUID } from 'node:crypto'
import type { ApplicationStore } from './application/application-store.ts'
import { createApplications, type Applications } from './application/applications.ts'
import { secretKeyFromFile } from './application/secret-key-file.ts'
import { createSecretBox, type SecretBox } from './application/secret-box.ts'
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
    if ((await settings.readOrWrite(keyCheckSetting, secretBox.keyCheck)) !== secretBox.keyCheck) {
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

const keyCheckSetting = 'secret key check'

/**
 * Makes sure, without writing anything, that this key opens every secret in the database.
 *
 * @throws WrongSecretKey
 */
export const expectSecretKey = async (database: Database, secretBox: SecretBox): Promise<void> => {
  const known = await settingTable(database).read(keyCheckSetting)
  const store = applicationStore(database)
  const wrong = new WrongSecretKey('The key is not the one that the secrets in the database were sealed with.')
  if (known !== null && known !== secretBox.keyCheck) throw wrong
  for (const { id } of await store.list()) {
    const application = await store.findWithSecrets(id)
    try {
      for (const sealed of [application?.sealedSecret, application?.sealedPreviousSecret ?? undefined]) {
        if (sealed !== undefined) secretBox.open(id, sealed)
      }
    } catch {
      throw wrong
    }
  }
}

/** PostgreSQL has no place of its own for a key: there the configuration demands one. */
const secretKeyBeside = (databaseUrl: string): string => {
  const path = databaseUrl.slice('sqlite:'.length)
  return path === ':memory:' ? randomBytes(32).toString('hex') : secretKeyFromFile(`${path}.key`)
}
