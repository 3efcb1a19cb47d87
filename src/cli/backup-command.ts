import { constants, copyFileSync, existsSync, rmSync } from 'node:fs'
import { Command } from 'commander'
import { backupSqlite } from '../storage/backup-sqlite.ts'
import { CommandFailure, outputTo } from './output.ts'
import { configurationOf, withSettings } from './setting-options.ts'

interface BackupOptions {
  readonly to: string
  readonly json?: boolean
}

/** `countersign backup`: the SQLite database and its key, while the server runs. */
export const backupCommand = (write: (text: string) => void): Command =>
  withSettings(new Command('backup'), 'dev', ['databaseUrl', 'secretKey'])
    .description('copy the SQLite database, and the key beside it, while the server runs (docs/backup.md)')
    .requiredOption('--to <file>', 'a file that does not exist yet; the key goes beside it, with .key added')
    .option('--json', 'print JSON for programs')
    .action((options: BackupOptions, command: Command) => {
      const { databaseUrl } = configurationOf(command, 'dev')
      if (!databaseUrl.startsWith('sqlite:')) {
        throw new CommandFailure('this backs up SQLite; for PostgreSQL use pg_dump, as docs/backup.md shows')
      }
      const from = databaseUrl.slice('sqlite:'.length)
      const [key, keyTo] = [`${from}.key`, `${options.to}.key`]
      if (!existsSync(from)) throw new CommandFailure(`there is no database ${from}`)
      for (const file of [options.to, keyTo]) {
        if (existsSync(file)) throw new CommandFailure(`${file} exists already; a backup takes the place of nothing`)
      }
      const hasKey = existsSync(key)
      // first, so that there is no backup that nobody could use; it has the mode of the original
      if (hasKey) copyFileSync(key, keyTo, constants.COPYFILE_EXCL)
      try {
        backupSqlite(from, options.to)
      } catch (error) {
        rmSync(keyTo, { force: true })
        throw error
      }
      const words = hasKey ? `Copied to ${options.to} and ${keyTo}.` : `Copied to ${options.to}. ${keyElsewhere}`
      outputTo(write, options.json === true).show({ database: options.to, secret_key: hasKey ? keyTo : null }, words)
    })

const keyElsewhere = 'There is no key beside the database: keep that of COUNTERSIGN_SECRET_KEY yourself.'
