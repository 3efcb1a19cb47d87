import { randomUUID } from 'node:crypto'
import { Command, Option } from 'commander'
import { deliveryView, shownDeliveryView } from '../admin-api/delivery-view.ts'
import { DatabaseClock, type Clock } from '../clock.ts'
import { openFoundation } from '../foundation.ts'
import { deliveryStore } from '../storage/delivery-store.ts'
import { readUuid } from '../uuid.ts'
import { createDeliveries, type Deliveries, type ShownDelivery } from '../webhook/deliveries.ts'
import { readDeliveryFilter } from '../webhook/delivery-filter.ts'
import { deliverySheet, deliveryTable } from './delivery-words.ts'
import { explainCommand } from './explain-command.ts'
import { granted } from './granted.ts'
import { CommandFailure, outputTo, type Output } from './output.ts'
import { configurationOf, withSettings } from './setting-options.ts'
import { readSince } from './since.ts'

/** `countersign webhook …`: works on the database; a server that runs on it attempts what is owed within a second or so. */
export const webhookCommand = (write: (text: string) => void): Command => {
  const webhook = new Command('webhook').description(
    'webhooks: what was sent, what came of it, and how to send it again',
  )

  const subcommand = (usage: string, description: string): Command =>
    withSettings(webhook.command(usage), 'dev', ['databaseUrl', 'secretKey'])
      .description(description)
      .option('--json', 'print JSON for programs')

  const run =
    (work: (desk: Desk, options: WebhookOptions, argument: string | undefined) => Promise<void>) =>
    async (...call: unknown[]): Promise<void> => {
      const command = call.at(-1) as Command
      const options = command.opts<WebhookOptions>()
      const foundation = await openFoundation(configurationOf(command, 'dev'))
      try {
        const clock = new DatabaseClock()
        clock.observe(await foundation.database.now())
        const deliveries = createDeliveries({
          store: deliveryStore(foundation.database),
          applications: foundation.applicationStore,
          newId: randomUUID,
          clock,
          // the server is another process; its own clock wakes it
          wake: () => undefined,
        })
        await work({ deliveries, clock, output: outputTo(write, options.json === true) }, options, command.args[0])
      } finally {
        await foundation.close()
      }
    }

  subcommand('list', 'deliveries, newest first')
    .option('--application <key>', 'of this application')
    .option('--payload <uuid>', 'about this sign request')
    .addOption(new Option('--state <state>', 'in this state').choices(['owed', 'delivered', 'failed']))
    .option('--before <id>', 'older than this delivery')
    .option('--limit <number>', 'so many, 200 at most', '50')
    .action(
      run(async ({ deliveries, output }, options) => {
        const found = await deliveries.list(granted(readDeliveryFilter(options)))
        output.show(found.map(deliveryView), deliveryTable(found))
      }),
    )
  subcommand('show <id>', 'one delivery with its body and every attempt').action(
    run(async ({ deliveries, output }, _options, id = '') => {
      showDelivery(output, granted(await deliveries.show(id)))
    }),
  )
  subcommand('redeliver [id]', 'send it again, with the same id and body, to the URL that its application has now')
    .option('--failed-since <time>', 'all that failed since then: 30m, 2h or 3d ago, or a time in ISO 8601')
    .option('--application <key>', 'with --failed-since: of this application alone')
    .action(
      run(async (desk, options, id) => {
        if ((id === undefined) === (options.failedSince === undefined)) {
          throw new CommandFailure('give either the id of a delivery or --failed-since')
        }
        if (id === undefined) await redeliverFailed(desk, options)
        else showDelivery(desk.output, granted(await desk.deliveries.redeliver(id)))
      }),
    )
  subcommand('test <key>', 'send an application a webhook that is about no sign request')
    .option('--events', 'to its events URL instead of its webhook URL')
    .action(
      run(async ({ deliveries, output }, { events }, key) => {
        const sent = await deliveries.sendTest(keyOf(key), events === true ? 'events' : 'webhook')
        showDelivery(output, granted(sent))
      }),
    )
  return webhook.addCommand(explainCommand(write))
}

interface Desk {
  readonly deliveries: Deliveries
  readonly clock: Clock
  readonly output: Output
}

interface WebhookOptions {
  readonly json?: boolean
  readonly application?: string
  readonly payload?: string
  readonly state?: string
  readonly before?: string
  readonly limit?: string
  readonly failedSince?: string
  readonly events?: boolean
}

const redeliverFailed = async (
  { deliveries, clock, output }: Desk,
  { failedSince = '', application }: WebhookOptions,
): Promise<void> => {
  const since = readSince('--failed-since', failedSince, clock.now())
  const key = application === undefined ? null : keyOf(application)
  const redelivered = granted(await deliveries.redeliverFailed(since, key))
  output.show({ redelivered }, `${redelivered} ${redelivered === 1 ? 'is' : 'are'} owed again.`)
}

const keyOf = (text: string | undefined): string => {
  const key = readUuid(text)
  if (key === null) throw new CommandFailure(`"${text}" is no API key`)
  return key
}

const showDelivery = (output: Output, shown: ShownDelivery): void =>
  output.show(shownDeliveryView(shown), deliverySheet(shown))
