import { existsSync } from 'node:fs'
import { Command } from 'commander'
import { createSecretBox } from '../application/secret-box.ts'
import { readSecretKeyFile } from '../application/secret-key-file.ts'
import { readConfiguration } from '../configuration/configuration.ts'
import { expectSecretKey, WrongSecretKey } from '../foundation.ts'
import { copyDatabase } from '../storage/copy-database.ts'
import { columns, CommandFailure, outputTo } from './output.ts'
import { withSettings } from './setting-options.ts'

interface CopyCommandOptions {
  readonly from: string
  readonly to: string
  readonly secretKey?: string
  readonly json?: boolean
}

/** `countersign copy`: from the SQLite file of one node to the PostgreSQL of several. */
export const copyCommand = (write: (text: string) => void): Command =>
  withSettings(new Command('copy'), 'serve', ['secretKey'])
    .description('copy a SQLite database, whose server is stopped, into an empty PostgreSQL, and check every row')
    .requiredOption('--from <url>', 'sqlite: and the path; it is only read')
    .requiredOption('--to <url>', 'postgres://user@host/database')
    .option('--json', 'print JSON for programs')
    .action(async (options: CopyCommandOptions) => {
      const output = outputTo(write, options.json === true)
      const path = sqlitePathOf(options.from)
      if (!/^postgres(ql)?:\/\//.test(options.to)) throw new CommandFailure('--to must be postgres://HOST/NAME')
      const key = keyOf(options, `${path}.key`)
      const secretBox = createSecretBox(Buffer.from(key.hex, 'hex'))
      const tables = await copyDatabase({
        from: path,
        to: options.to,
        check: (database) => expectSecretKey(database, secretBox).catch(tellWhichKey(key)),
        onTable: (name, rows) => output.note(`${name}: ${rows}`),
      })
      output.show({ tables, secret_key_file: key.file }, nextSteps(options, path, tables, key))
    })

interface Key {
  readonly hex: string
  /** Where it was read; null when it was given. */
  readonly file: string | null
  /** Exists beside the database although another key was given. */
  readonly otherFile: string | null
}

const sqlitePathOf = (url: string): string => {
  const path = url.startsWith('sqlite:') ? url.slice('sqlite:'.length) : ''
  if (path === '' || path === ':memory:') {
    throw new CommandFailure('--from must be sqlite: and the path of a file, such as sqlite:./data/countersign.db')
  }
  return path
}

/** As the server takes it, except that none is made. */
const keyOf = ({ from, secretKey }: CopyCommandOptions, file: string): Key => {
  const flags = { databaseUrl: from, ...(secretKey !== undefined && { secretKey }) }
  const given = readConfiguration('dev', process.env, flags).secretKey
  if (given !== null) return { hex: given, file: null, otherFile: existsSync(file) ? file : null }
  if (!existsSync(file)) {
    throw new CommandFailure(`there is no ${file}; give the key that its server was given, by COUNTERSIGN_SECRET_KEY`)
  }
  return { hex: readSecretKeyFile(file), file, otherFile: null }
}

const tellWhichKey =
  ({ file, otherFile }: Key) =>
  (error: unknown): never => {
    if (!(error instanceof WrongSecretKey)) throw error
    const tried = file === null ? 'COUNTERSIGN_SECRET_KEY' : `the key in ${file}`
    const hint = otherFile === null ? '' : `; leave it out and the one in ${otherFile} is taken`
    throw new CommandFailure(`${tried} is not the key that the secrets in the source were sealed with${hint}`)
  }

const nextSteps = (
  { to, from }: CopyCommandOptions,
  path: string,
  tables: Readonly<Record<string, number>>,
  { file }: Key,
): string => {
  const rows = Object.values(tables).reduce((sum, count) => sum + count, 0)
  const key = file === null ? 'the same as now' : `"$(cat ${file})"`
  return `
Copied ${rows} rows to ${withoutPassword(to)} and read every one of them back.

Set for every node from now on, before any is started:

${columns([
  ['  DATABASE_URL', '= the value of --to'],
  ['  COUNTERSIGN_SECRET_KEY', `= ${key}`],
])}

Keep ${path} until you are content, and start no server on ${from} again: it would not know what happens from here on.`
}

const withoutPassword = (url: string): string => {
  const shown = URL.parse(url)
  if (shown === null) return 'the destination'
  shown.password = ''
  shown.search = ''
  return shown.href
}
