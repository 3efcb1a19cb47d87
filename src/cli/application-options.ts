import type { Command } from 'commander'
import { applicationEvents, type Application, type ApplicationSettings } from '../application/application.ts'
import { CommandFailure } from './output.ts'

/** An application's settings as flags of `app create` and `app update`, and as they are shown. */
export interface ApplicationOptions {
  readonly name?: string
  readonly description?: string
  readonly iconUrl?: string
  readonly webhookUrl?: string
  readonly bindSignIn?: string
  readonly pushedUserOnly?: string
  readonly eventsUrl?: string
  readonly events?: string
  readonly honourRetryAfter?: string
  readonly endOnGone?: string
  readonly requireHttps?: string
}

export const withApplicationOptions = (command: Command): Command =>
  command
    .option('--webhook-url <url>', 'where resolutions are posted')
    .option('--description <text>', 'a sentence about it')
    .option('--icon-url <url>', 'a square picture')
    .option(
      '--bind-sign-in <on|off>',
      'add a memo with the payload to every SignIn, so that its signature is good once',
    )
    .option('--pushed-user-only <on|off>', 'what was pushed to a user is for that user alone')
    .option('--events-url <url>', 'where other events are posted; never to the webhook URL')
    .option('--events <names>', `which of them, comma separated: ${applicationEvents.join(', ')}; or none`)
    .option('--honour-retry-after <on|off>', 'a receiver may put the next attempt off by Retry-After')
    .option('--end-on-gone <on|off>', 'an answer of 410 ends a delivery')
    .option('--require-https <on|off>', 'send webhooks to https only')

/** What was given, and nothing else. */
export const settingsOf = (options: ApplicationOptions): Partial<ApplicationSettings> => ({
  ...given('name', options.name),
  ...given('description', options.description),
  ...given('iconUrl', options.iconUrl),
  ...given('webhookUrl', options.webhookUrl),
  ...given('bindSignIn', isOn('--bind-sign-in', options.bindSignIn)),
  ...given('pushedUserOnly', isOn('--pushed-user-only', options.pushedUserOnly)),
  ...given('eventsUrl', options.eventsUrl),
  ...given('events', eventsOf(options.events)),
  ...given('honourRetryAfter', isOn('--honour-retry-after', options.honourRetryAfter)),
  ...given('endOnGone', isOn('--end-on-gone', options.endOnGone)),
  ...given('requireHttps', isOn('--require-https', options.requireHttps)),
})

const given = <K extends keyof ApplicationSettings>(
  key: K,
  value: ApplicationSettings[K] | undefined,
): Partial<ApplicationSettings> => (value === undefined ? {} : { [key]: value })

const isOn = (flag: string, value: string | undefined): boolean | undefined => {
  if (value === undefined) return undefined
  if (value !== 'on' && value !== 'off') throw new CommandFailure(`${flag} must be on or off, not "${value}"`)
  return value === 'on'
}

const eventsOf = (value: string | undefined): ApplicationSettings['events'] | undefined => {
  if (value === undefined) return undefined
  if (value === 'none' || value === '') return []
  return value.split(',').map((name) => {
    const event = applicationEvents.find((one) => one === name.trim())
    if (event === undefined) {
      throw new CommandFailure(`--events must list ${applicationEvents.join(', ')}, or be none, not "${name.trim()}"`)
    }
    return event
  })
}

export const shownApplication = (application: Application) => ({
  api_key: application.id,
  name: application.name,
  description: application.description,
  icon_url: application.iconUrl,
  webhook_url: application.webhookUrl,
  disabled: application.disabled,
  bind_sign_in: application.bindSignIn,
  pushed_user_only: application.pushedUserOnly,
  events_url: application.eventsUrl,
  events: application.events,
  honour_retry_after: application.honourRetryAfter,
  end_on_gone: application.endOnGone,
  require_https: application.requireHttps,
})
