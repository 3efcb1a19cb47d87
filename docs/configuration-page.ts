import { flagOf, type Setting } from '../src/configuration/setting.ts'
import { settings } from '../src/configuration/settings.ts'

const defaultText = (setting: Setting<unknown>): string => {
  const show = (value: string | null): string => (value === null || value === '' ? 'none' : `\`${value}\``)
  if (setting.default === null || typeof setting.default === 'string') return show(setting.default)
  return `${show(setting.default.dev)} (dev), ${show(setting.default.serve)} (serve)`
}

const row = (setting: Setting<unknown>): string => {
  const unit = setting.unit === undefined ? '' : ` Unit: ${setting.unit}.`
  return `| \`${setting.env}\` | \`${flagOf(setting.env)}\` | ${defaultText(setting)} | ${setting.doc}${unit} |`
}

/** `docs/configuration.md`, whole, from the table of settings. */
export const configurationPage = (): string => `# Configuration

Made from the table in \`src/configuration/settings.ts\` by \`npm run docs\`; a test fails when the two differ.

Every setting is an environment variable and a flag of the same meaning of \`countersign serve\` and \`countersign dev\`.
A flag beats the environment, and an empty variable counts as absent. All settings are checked before anything starts:
what cannot be used is named in one line, and the process exits with status 1.

| variable | flag | default | means |
| --- | --- | --- | --- |
${Object.values<Setting<unknown>>(settings).map(row).join('\n')}
`
