import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { migrateCommand } from '../../src/cli/migrate-command.ts'
import { migrate } from '../../src/storage/migrate.ts'
import type { Migration } from '../../src/storage/migrations/migration.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { startTestServer } from '../../src/testing.ts'
import { databases } from '../databases.ts'

const released = vi.hoisted((): { migrations: readonly Migration[] } => ({ migrations: [] }))

/** A version to come, whose last migration older nodes cannot live with. */
vi.mock('../../src/storage/migrations/migrations.ts', async (importOriginal) => {
  const original = await importOriginal<typeof released>()
  released.migrations = original.migrations
  const breaking: Migration = {
    number: 9999,
    name: '9999-breaking',
    additive: false,
    up: () => Promise.resolve(),
  }
  return { migrations: [...original.migrations, breaking] }
})

describe.each(databases)('a version that older nodes cannot live with, on $name', ({ create }) => {
  const made = async () => {
    const temporary = await create()
    onTestFinished(() => temporary.drop())
    const { url } = temporary
    const environment = { DATABASE_URL: url, COUNTERSIGN_SECRET_KEY: '0'.repeat(64) }
    const start = async (mode: 'serve' | 'dev'): Promise<void> => (await startTestServer({ mode, environment })).close()
    const useOlderVersion = async (): Promise<void> => {
      const database = await openDatabase({ url, migrate: 'none' })
      await migrate(database, { known: released.migrations })
      await database.close()
    }
    const runMigrate = async (...options: string[]): Promise<string> => {
      let printed = ''
      await migrateCommand((text) => (printed += text)).parseAsync(['--database-url', url, ...options], {
        from: 'user',
      })
      return printed
    }
    return { start, useOlderVersion, runMigrate }
  }
  const secretKey = ['--secret-key', '0'.repeat(64)]

  it('does not begin to serve before an operator has migrated', async () => {
    const { start, useOlderVersion, runMigrate } = await made()
    await useOlderVersion()
    const refusal = /\(9999-breaking\): stop all of them, make a backup, and run "countersign migrate"\./
    await expect(start('serve')).rejects.toThrow(refusal)
    const mustStop = '9999-breaking: nodes of older versions must be stopped before, and refuse to start after it.\n'
    expect(await runMigrate('--dry-run', ...secretKey)).toBe(`Would apply ${mustStop}`)
    await expect(start('serve')).rejects.toThrow(refusal)
    expect(await runMigrate(...secretKey)).toBe(`Applied ${mustStop}`)
    await start('serve')
  })

  it('serves on a fresh database, and develops on any', async () => {
    const fresh = await made()
    await fresh.start('serve')
    const older = await made()
    await older.useOlderVersion()
    await older.start('dev')
  })
})
