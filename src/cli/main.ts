import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import { appCommand } from './app-command.ts'
import { backupCommand } from './backup-command.ts'
import { copyCommand } from './copy-command.ts'
import { devCommand } from './dev-command.ts'
import { clearLine } from './failure.ts'
import { migrateCommand } from './migrate-command.ts'
import { serveCommand } from './serve-command.ts'
import { walletCommand } from './wallet-command.ts'
import { webhookCommand } from './webhook-command.ts'

/** Runs one command line; a failure is one clear line on stderr and exit status 1. */
export const main = async (argv: readonly string[]): Promise<void> => {
  const write = (text: string): void => void process.stdout.write(text)
  const warn = (sentence: string): void => void process.stderr.write(`countersign: warning: ${sentence}\n`)
  const program = new Command('countersign')
    .description('A self-hosted sign-request server for the XRP Ledger and Xahau')
    .version(version())
    .showHelpAfterError('(add --help for the usage)')
    .addCommand(devCommand(write))
    .addCommand(serveCommand())
    .addCommand(appCommand(write, warn))
    .addCommand(walletCommand(write))
    .addCommand(webhookCommand(write))
    .addCommand(migrateCommand(write))
    .addCommand(backupCommand(write))
    .addCommand(copyCommand(write))
  try {
    await program.parseAsync(argv)
  } catch (error) {
    process.stderr.write(`countersign: ${clearLine(error)}\n`)
    process.exitCode = 1
  }
}

const version = (): string => {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(manifest) as { version: string }).version
}
