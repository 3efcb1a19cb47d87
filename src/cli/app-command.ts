import { Command } from 'commander'
import type { Application, ApplicationSettings } from '../application/application.ts'
import type { Applications, Issued } from '../application/applications.ts'
import { openFoundation } from '../foundation.ts'
import { granted } from './granted.ts'
import { columns, CommandFailure, outputTo, type Output } from './output.ts'
import { configurationOf, withSettings } from './setting-options.ts'

/** `countersign app …`: works on the database, with or without a server running on it. */
export const appCommand = (write: (text: string) => void): Command => {
  const app = new Command('app').description('applications: who may create sign requests')

  const subcommand = (usage: string, description: string): Command =>
    withSettings(app.command(usage), 'dev', ['databaseUrl', 'secretKey'])
      .description(description)
      .option('--json', 'print JSON for programs')

  const run =
    (work: (applications: Applications, output: Output, key: string, options: AppOptions) => Promise<void>) =>
    async (...call: unknown[]): Promise<void> => {
      const command = call.at(-1) as Command
      const options = command.opts<AppOptions>()
      const output = outputTo(write, options.json === true)
      const foundation = await openFoundation(configurationOf(command, 'dev'))
      try {
        await work(foundation.applications, output, command.args[0] ?? '', options)
      } finally {
        await foundation.close()
      }
    }

  withApplicationOptions(subcommand('create', 'make an application; its secret is shown once'))
    .requiredOption('--name <name>', 'what users see')
    .action(
      run(async (applications, output, _key, options) => {
        const { name = '', ...others } = settingsOf(options)
        showIssued(output, granted(await applications.create({ name, ...others })))
      }),
    )
  subcommand('list', 'all applications, oldest first').action(
    run(async (applications, output) => {
      const all = await applications.list()
      const rows = all.map((one) => [one.id, one.disabled ? 'disabled' : 'enabled', one.name, one.webhookUrl])
      output.show(all.map(shown), all.length === 0 ? 'No applications yet.' : columns(rows))
    }),
  )
  withApplicationOptions(subcommand('update <key>', "change an application's settings"))
    .option('--name <name>', 'what users see')
    .action(
      run(async (applications, output, key, options) => {
        showApplication(output, granted(await applications.update(key, settingsOf(options))))
      }),
    )
  subcommand('rotate-secret <key>', 'a new secret; the old one is worth nothing from then on').action(
    run(async (applications, output, key) => showIssued(output, granted(await applications.rotateSecret(key)))),
  )
  for (const [name, disabled] of [
    ['disable', true],
    ['enable', false],
  ] as const) {
    subcommand(`${name} <key>`, `${name} an application`).action(
      run(async (applications, output, key) => {
        showApplication(output, granted(await applications.update(key, { disabled })))
      }),
    )
  }
  return app
}

interface AppOptions {
  readonly json?: boolean
  readonly name?: string
  readonly description?: string
  readonly iconUrl?: string
  readonly webhookUrl?: string
  readonly bindSignIn?: string
  readonly pushedUserOnly?: string
}

const withApplicationOptions = (command: Command): Command =>
  command
    .option('--webhook-url <url>', 'where resolutions are posted')
    .option('--description <text>', 'a sentence about it')
    .option('--icon-url <url>', 'a square picture')
    .option(
      '--bind-sign-in <on|off>',
      'add a memo with the payload to every SignIn, so that its signature is good once',
    )
    .option('--pushed-user-only <on|off>', 'what was pushed to a user is for that user alone')

const settingsOf = (options: AppOptions): Partial<ApplicationSettings> => ({
  ...(options.name !== undefined && { name: options.name }),
  ...(options.description !== undefined && { description: options.description }),
  ...(options.iconUrl !== undefined && { iconUrl: options.iconUrl }),
  ...(options.webhookUrl !== undefined && { webhookUrl: options.webhookUrl }),
  ...(options.bindSignIn !== undefined && { bindSignIn: isOn('--bind-sign-in', options.bindSignIn) }),
  ...(options.pushedUserOnly !== undefined && { pushedUserOnly: isOn('--pushed-user-only', options.pushedUserOnly) }),
})

const isOn = (flag: string, value: string): boolean => {
  if (value !== 'on' && value !== 'off') throw new CommandFailure(`${flag} must be on or off, not "${value}"`)
  return value === 'on'
}

const shown = (application: Application) => ({
  api_key: application.id,
  name: application.name,
  description: application.description,
  icon_url: application.iconUrl,
  webhook_url: application.webhookUrl,
  disabled: application.disabled,
  bind_sign_in: application.bindSignIn,
  pushed_user_only: application.pushedUserOnly,
})

const showApplication = (output: Output, application: Application): void => {
  const rows = Object.entries(shown(application)).map(([name, value]) => [name.replaceAll('_', ' '), String(value)])
  output.show(shown(application), columns(rows))
}

const showIssued = (output: Output, { application, apiSecret }: Issued): void => {
  const { id, name, webhookUrl } = application
  const value = { api_key: id, api_secret: apiSecret, name, webhook_url: webhookUrl }
  output.show(value, `API key     ${id}\nAPI secret  ${apiSecret}\n\nThe secret is shown this once.`)
}
