import { Command } from 'commander'
import type { Applications } from '../application/applications.ts'
import type { Server } from '../create-server.ts'
import { isRefusal } from '../refusals.ts'
import type { SettingTable } from '../storage/setting-table.ts'
import { outputTo } from './output.ts'
import { configurationOf, settingKeys, withSettings } from './setting-options.ts'

/** One developer's machine needs one process. */
const devSettings = settingKeys.filter((key) => key !== 'workers')

/** `countersign dev`: the same server with friendly defaults, and an application that is ready to use. */
export const devCommand = (write: (text: string) => void): Command =>
  withSettings(new Command('dev'), 'dev', devSettings)
    .description('run the server for development: on loopback, with an API key that is made once and kept')
    .option('--json', 'print JSON for programs')
    .action(async (_options: unknown, command: Command) => {
      const configuration = configurationOf(command, 'dev')
      // loaded here, so that the other commands start without the whole server
      const { createServer } = await import('../create-server.ts')
      const { stopOnSignals } = await import('../shutdown.ts')
      const server = await createServer(configuration)
      stopOnSignals(server, configuration.shutdownGrace, server.log)
      const credentials = await devCredentials(server.foundation)
      await server.listen()
      const { listeningUrl, publicUrl } = server
      const value = {
        url: publicUrl,
        listening: listeningUrl,
        api_key: credentials.key,
        api_secret: credentials.secret,
        admin_token: server.adminToken,
      }
      const output = outputTo(write, command.opts<{ json?: boolean }>().json === true)
      output.show(value, greeting(server, credentials))
    })

interface Credentials {
  readonly key: string
  readonly secret: string
}

const settingKey = 'dev application'

/** The application that `dev` made in this database, made now if there is none yet. */
const devCredentials = async (foundation: {
  readonly settings: SettingTable
  readonly applications: Applications
}): Promise<Credentials> => {
  const { settings, applications } = foundation
  const known = await settings.read(settingKey)
  const secrets = known === null ? null : await applications.readSecrets(known)
  if (known !== null && secrets !== null) return { key: known, secret: secrets.current }
  const issued = await applications.create({ name: 'Development' })
  if (isRefusal(issued)) throw new Error('the development application could not be made')
  await settings.write(settingKey, issued.application.id)
  return { key: issued.application.id, secret: issued.apiSecret }
}

const greeting = (
  { listeningUrl, publicUrl, adminToken }: Pick<Server, 'listeningUrl' | 'publicUrl' | 'adminToken'>,
  { key, secret }: Credentials,
): string => `
Countersign is listening on ${listeningUrl}${publicUrl === listeningUrl ? '' : ` (for users: ${publicUrl})`}

  API key     ${key}
  API secret  ${secret}
  Admin token ${adminToken}

With the official SDK (npm install xumm-sdk), in a file that ends in .mjs:

  import { XummSdk } from 'xumm-sdk'
  const sdk = new XummSdk('${key}', '${secret}')
  sdk.setEndpoint('${publicUrl}')
  const created = await sdk.payload.create({ TransactionType: 'SignIn' })
  console.log(created.next.always)

Sign it with the built-in wallet: npx countersign wallet sign <the uuid> --server ${publicUrl}
Stop with Ctrl-C.
`
