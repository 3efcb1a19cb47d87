import type { Command } from 'commander'
import { readConfiguration, type Configuration } from '../configuration/configuration.ts'
import { defaultOf, flagOf, type Mode, type Setting } from '../configuration/setting.ts'
import { settings } from '../configuration/settings.ts'

type Key = keyof typeof settings

export const settingKeys = Object.keys(settings) as Key[]

/** commander's name for a flag: `--public-url` is `publicUrl`. */
const optionName = (env: string): string =>
  flagOf(env)
    .slice(2)
    .replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())

/** Gives a command a flag for each of these settings, all of them when left out. */
export const withSettings = (command: Command, mode: Mode, keys: readonly Key[] = settingKeys): Command => {
  for (const key of keys) {
    const setting: Setting<unknown> = settings[key]
    const shown = defaultOf(setting, mode)
    const suffix = shown === null || shown === '' ? '' : ` (default: ${shown})`
    command.option(`${flagOf(setting.env)} <value>`, `${setting.doc} [${setting.env}]${suffix}`)
  }
  return command
}

/** The configuration from the environment and the flags that this command was given. */
export const configurationOf = (command: Command, mode: Mode): Configuration => {
  const options = command.opts<Record<string, string | undefined>>()
  const flags: Record<string, string> = {}
  for (const [key, setting] of Object.entries<Setting<unknown>>(settings)) {
    const given = options[optionName(setting.env)]
    if (given !== undefined) flags[key] = given
  }
  return readConfiguration(mode, process.env, flags)
}
