import type { Kysely } from 'kysely'
import type { ReadonlyKysely } from 'kysely/readonly'
import type { Application, ApplicationEvent, ApplicationSettings } from '../application/application.ts'
import type { Milliseconds } from '../clock.ts'
import type { Database } from './database.ts'
import { flag, type ApplicationTable, type Schema } from './schema.ts'

/** Applications as rows. The sealed secret has to be asked for by name, so that it travels nowhere by accident. */
export const selectApplications = (db: Pick<ReadonlyKysely<Schema>, 'selectFrom'>) =>
  db
    .selectFrom('applications')
    .select([
      'applications.id',
      'applications.name',
      'applications.description',
      'applications.icon_url',
      'applications.webhook_url',
      'applications.disabled',
      'applications.bind_sign_in',
      'applications.pushed_user_only',
      'applications.events_url',
      'applications.events',
      'applications.honour_retry_after',
      'applications.end_on_gone',
      'applications.require_https',
      'applications.created_at',
    ])

type ApplicationRow = Omit<ApplicationTable, 'sealed_secret' | 'sealed_previous_secret' | 'previous_secret_until'>

export const applicationOf = (row: ApplicationRow): Application => ({
  id: row.id,
  name: row.name,
  description: row.description,
  iconUrl: row.icon_url,
  webhookUrl: row.webhook_url,
  disabled: row.disabled === 1,
  bindSignIn: row.bind_sign_in === 1,
  pushedUserOnly: row.pushed_user_only === 1,
  eventsUrl: row.events_url,
  events: JSON.parse(row.events) as ApplicationEvent[],
  honourRetryAfter: row.honour_retry_after === 1,
  endOnGone: row.end_on_gone === 1,
  requireHttps: row.require_https === 1,
  createdAt: row.created_at,
})

export const readApplication = async (
  db: Pick<ReadonlyKysely<Schema>, 'selectFrom'>,
  id: string,
): Promise<Application> => applicationOf(await selectApplications(db).where('id', '=', id).executeTakeFirstOrThrow())

const settingColumns = (settings: ApplicationSettings) => ({
  name: settings.name,
  description: settings.description,
  icon_url: settings.iconUrl,
  webhook_url: settings.webhookUrl,
  disabled: flag(settings.disabled),
  bind_sign_in: flag(settings.bindSignIn),
  pushed_user_only: flag(settings.pushedUserOnly),
  events_url: settings.eventsUrl,
  events: JSON.stringify(settings.events),
  honour_retry_after: flag(settings.honourRetryAfter),
  end_on_gone: flag(settings.endOnGone),
  require_https: flag(settings.requireHttps),
})

export const insertApplication = async (
  db: Kysely<Schema>,
  application: Application,
  sealedSecret: string,
): Promise<void> => {
  const { id, createdAt } = application
  const row = { id, ...settingColumns(application), sealed_secret: sealedSecret, created_at: createdAt }
  await db.insertInto('applications').values(row).execute()
}

/** Null when there is no such application. */
export const updateApplication = async (
  db: Kysely<Schema>,
  database: Database,
  id: string,
  settings: Partial<ApplicationSettings>,
): Promise<Application | null> => {
  const row = await selectApplications(db)
    .where('id', '=', id)
    .$if(database.dialect.rowLocks, (query) => query.forNoKeyUpdate())
    .executeTakeFirst()
  if (row === undefined) return null
  const application = { ...applicationOf(row), ...settings }
  await db.updateTable('applications').set(settingColumns(application)).where('id', '=', id).execute()
  return application
}

/** The secret before is kept beside the new one until then. False when there is no such application. */
export const updateSealedSecret = async (
  db: Kysely<Schema>,
  id: string,
  sealedSecret: string,
  previousUntil: Milliseconds,
): Promise<boolean> => {
  const { numUpdatedRows } = await db
    .updateTable('applications')
    .set((from) => ({
      sealed_secret: sealedSecret,
      sealed_previous_secret: from.ref('sealed_secret'),
      previous_secret_until: previousUntil,
    }))
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}
