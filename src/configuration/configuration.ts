import { defaultOf, flagOf, SettingError, type Mode, type Setting } from './setting.ts'
import { settings } from './settings.ts'

type Settings = typeof settings
type Key = keyof Settings

/** Settings without a default are null when they are left out. */
type ValueOf<S> = S extends Setting<infer T> ? T : never
type Optional = 'publicUrl' | 'secretKey' | 'ledgerUrls' | 'redisUrls' | 'rateLimit' | 'adminToken'

/** Every setting, parsed; times in milliseconds. */
export type Configuration = {
  readonly [K in Key]: K extends Optional ? ValueOf<Settings[K]> | null : ValueOf<Settings[K]>
} & { readonly mode: Mode }

/** Everything that is wrong with the settings, in one line each. */
export class ConfigurationError extends Error {}

/**
 * Reads and checks every setting; a flag beats the environment. An empty variable counts as absent, since that is how
 * shells and compose files leave one out.
 *
 * @param flags by setting, as text
 * @throws ConfigurationError which names all settings that cannot be used
 */
export const readConfiguration = (
  mode: Mode,
  environment: Readonly<Record<string, string | undefined>>,
  flags: Partial<Record<string, string>> = {},
): Configuration => {
  const problems: string[] = []
  const read = (key: Key): unknown => {
    const row: Setting<unknown> = settings[key]
    const given = flags[key] ?? (environment[row.env] === '' ? undefined : environment[row.env])
    const value = given ?? defaultOf(row, mode)
    if (value === null) return null
    try {
      return row.parse(value.trim())
    } catch (error) {
      if (!(error instanceof SettingError)) throw error
      problems.push(`${row.env} (${flagOf(row.env)}) ${error.message}`)
      return null
    }
  }
  const keys = Object.keys(settings) as Key[]
  const values = Object.fromEntries(keys.map((key) => [key, read(key)]))
  // each value was parsed by its own row, which is what the mapped type says
  const configuration = { ...values, mode } as unknown as Configuration
  if (problems.length === 0) problems.push(...contradictions(configuration))
  if (problems.length > 0) throw new ConfigurationError(problems.join('; '))
  return configuration
}

/** What no single setting can tell. */
const contradictions = (configuration: Configuration): string[] => {
  const { mode, host, publicUrl, databaseUrl, secretKey } = configuration
  const problems: string[] = []
  if (mode === 'serve' && publicUrl === null && ['0.0.0.0', '::', '[::]'].includes(host)) {
    problems.push(`PUBLIC_URL (--public-url) must say what users see, since ${host} is no address that they can reach`)
  }
  if (!databaseUrl.startsWith('sqlite:') && secretKey === null) {
    problems.push(
      'COUNTERSIGN_SECRET_KEY (--secret-key) is required with PostgreSQL: 64 hex digits, the same on every node',
    )
  }
  if (configuration.workers > 1 && databaseUrl === 'sqlite::memory:') {
    problems.push('WORKERS (--workers) must be 1 with sqlite::memory:, which no other process can use')
  }
  if (configuration.webhookLease <= configuration.webhookTimeLimit) {
    problems.push('WEBHOOK_LEASE_SECONDS (--webhook-lease-seconds) must be more than WEBHOOK_TIMEOUT_SECONDS')
  }
  return problems
}
