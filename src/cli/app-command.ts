import { Command } from 'commander'
import type { Application } from '../application/application.ts'
import type { Applications, Issued } from '../application/applications.ts'
import { openFoundation } from '../foundation.ts'
import { createAddressPolicy } from '../webhook/address-policy.ts'
import { doubtfulSettings } from '../webhook/doubtful-settings.ts'
import { settingsOf, shownApplication, withApplicationOptions, type ApplicationOptions } from './application-options.ts'
import { granted } from './granted.ts'
import { columns, outputTo, type Output } from './output.ts'
import { configurationOf, withSettings } from './setting-options.ts'

/**
 * `countersign app …`: works on the database, with or without a server running on it.
 *
 * @param warn a sentence about what was done all the same
 */
export const appCommand = (write: (text: string) => void, warn: (sentence: string) => void): Command => {
  const app = new Command('app').description('applications: who may create sign requests')

  const subcommand = (usage: string, description: string, ...more: 'secretRotation'[]): Command =>
    withSettings(app.command(usage), 'dev', ['databaseUrl', 'secretKey', ...more])
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

  const policy = createAddressPolicy([])
  const warnAbout = (application: Application): void => doubtfulSettings(application, policy).forEach(warn)

  withApplicationOptions(subcommand('create', 'make an application; its secret is shown once'))
    .requiredOption('--name <name>', 'what users see')
    .action(
      run(async (applications, output, _key, options) => {
        const { name = '', ...others } = settingsOf(options)
        const issued = granted(await applications.create({ name, ...others }))
        showIssued(output, issued)
        warnAbout(issued.application)
      }),
    )
  subcommand('list', 'all applications, oldest first').action(
    run(async (applications, output) => {
      const all = await applications.list()
      const rows = all.map((one) => [one.id, one.disabled ? 'disabled' : 'enabled', one.name, one.webhookUrl])
      output.show(all.map(shownApplication), all.length === 0 ? 'No applications yet.' : columns(rows))
    }),
  )
  withApplicationOptions(subcommand('update <key>', "change an application's settings"))
    .option('--name <name>', 'what users see')
    .action(
      run(async (applications, output, key, options) => {
        const updated = granted(await applications.update(key, settingsOf(options)))
        showApplication(output, updated)
        warnAbout(updated)
      }),
    )
  const rotation =
    'a new secret; the old one opens nothing from then on, and for a while signs webhooks beside the new one'
  subcommand('rotate-secret <key>', rotation, 'secretRotation').action(
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

interface AppOptions extends ApplicationOptions {
  readonly json?: boolean
}

const showApplication = (output: Output, application: Application): void => {
  const rows = Object.entries(shownApplication(application)).map(([name, value]) => [
    name.replaceAll('_', ' '),
    String(value),
  ])
  output.show(shownApplication(application), columns(rows))
}

const showIssued = (output: Output, { application, apiSecret }: Issued): void => {
  const { id, name, webhookUrl } = application
  const value = { api_key: id, api_secret: apiSecret, name, webhook_url: webhookUrl }
  output.show(value, `API key     ${id}\nAPI secret  ${apiSecret}\n\nThe secret is shown this once.`)
}
