import { Command } from 'commander'
import { dueMigrations, migrate } from '../storage/migrate.ts'
import type { Migration } from '../storage/migrations/migration.ts'
import { openDatabase } from '../storage/open-database.ts'
import { outputTo } from './output.ts'
import { configurationOf, withSettings } from './setting-options.ts'

/** `countersign migrate`: what every start does by itself, and what only an operator can say may be done now. */
export const migrateCommand = (write: (text: string) => void): Command =>
  withSettings(new Command('migrate'), 'dev', ['databaseUrl', 'secretKey'])
    .description("bring the database's schema up to date, and end; says whether older nodes may go on beside it")
    .option('--dry-run', 'say what would be run, and run nothing')
    .option('--json', 'print JSON for programs')
    .action(async (_options: unknown, command: Command) => {
      const { json = false, dryRun = false } = command.opts<{ json?: boolean; dryRun?: boolean }>()
      const output = outputTo(write, json)
      const database = await openDatabase({ url: configurationOf(command, 'dev').databaseUrl, migrate: 'none' })
      try {
        if (dryRun) {
          const due = await dueMigrations(database)
          output.show({ due: due.map(view) }, words('Would apply', due))
        } else {
          const applied = await migrate(database)
          output.show({ applied: applied.map(view) }, words('Applied', applied))
        }
      } finally {
        await database.close()
      }
    })

const view = ({ name, additive }: Migration) => ({ name, additive })

const words = (verb: string, migrations: readonly Migration[]): string =>
  migrations.length === 0
    ? 'The schema is up to date.'
    : migrations.map(({ name, additive }) => `${verb} ${name}: ${additive ? goOn : mustStop}.`).join('\n')

const goOn = 'nodes of older versions may go on beside it'
const mustStop = 'nodes of older versions must be stopped before, and refuse to start after it'
