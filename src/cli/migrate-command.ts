import { Command } from 'commander'
import { openDatabase } from '../storage/open-database.ts'
import { migrate } from '../storage/migrate.ts'
import { outputTo } from './output.ts'
import { configurationOf, withSettings } from './setting-options.ts'

/** `countersign migrate`: what every start does by itself, for those who want it apart. */
export const migrateCommand = (write: (text: string) => void): Command =>
  withSettings(new Command('migrate'), 'dev', ['databaseUrl', 'secretKey'])
    .description("bring the database's schema up to date, and end")
    .option('--json', 'print JSON for programs')
    .action(async (_options: unknown, command: Command) => {
      const output = outputTo(write, command.opts<{ json?: boolean }>().json === true)
      const database = await openDatabase({ url: configurationOf(command, 'dev').databaseUrl, migrate: false })
      try {
        const applied = await migrate(database)
        output.show({ applied }, applied.length === 0 ? 'The schema is up to date.' : `Applied ${applied.join(', ')}.`)
      } finally {
        await database.close()
      }
    })
