import { resolve } from 'node:path'
import { Command, Option } from 'commander'
import type { VirtualWallet } from '../virtual-wallet/virtual-wallet.ts'
import type { OpenedFrom } from '../virtual-wallet/payload-view.ts'
import type { WatchEvent } from '../virtual-wallet/watch-pending.ts'
import type { OpenWalletOptions } from './open-wallet.ts'
import { columns, CommandFailure, outputTo, type Output } from './output.ts'

/** `countersign wallet …`: the virtual wallet, with its keys in a file; it speaks to a server like a phone does. */
export const walletCommand = (write: (text: string) => void): Command => {
  const wallet = new Command('wallet').description('a wallet with real keys, in place of the phone')

  const run =
    (work: (wallet: VirtualWallet, output: Output, uuid: string, options: WalletOptions) => Promise<void>) =>
    async (...call: unknown[]): Promise<void> => {
      const command = call.at(-1) as Command
      const options = command.opts<WalletOptions>()
      // loaded here, so that the other commands start without the wallet
      const { openWallet } = await import('./open-wallet.ts')
      const opened = await openWallet(options)
      try {
        await work(opened, outputTo(write, options.json === true), command.args[0] ?? '', options)
      } finally {
        opened.close()
      }
    }

  withWalletOptions(wallet.command('create'))
    .description('make a wallet and register it as a new user; does nothing to one that exists')
    .option('--seed <seed>', 'use these keys; new ones are made when left out')
    .addOption(new Option('--algorithm <name>', 'of new keys').choices(['ed25519', 'secp256k1']))
    .option('--account <r…>', 'sign for this account, whose regular key the key is')
    .action(run(async (opened, output, _uuid, options) => showWallet(opened, output, options)))
  withWalletOptions(wallet.command('open <uuid>'))
    .description('show a sign request, which counts as opening it')
    .action(
      run(async (opened, output, uuid, { from }) => {
        const view = await opened.open(uuidOf(uuid), from)
        output.show(view, JSON.stringify(view.payload.request_json, null, 2))
      }),
    )
  withWalletOptions(wallet.command('sign <uuid>'))
    .description('open a sign request and sign it')
    .action(
      run(async (opened, output, uuid, { from }) => {
        const outcome = await opened.sign(uuidOf(uuid), {}, from)
        const state = outcome.signed ? 'Signed' : 'Handed in; the server waits for a ledger node to confirm the key'
        output.show(outcome, `${state}: ${outcome.txid ?? 'a claim, which has no hash'}`)
      }),
    )
  withWalletOptions(wallet.command('reject <uuid>'))
    .description('open a sign request and reject it')
    .option('--reason <text>', 'why')
    .action(
      run(async (opened, output, uuid, { from, reason }) => {
        await opened.reject(uuidOf(uuid), reason, from)
        output.show({ uuid, rejected: true }, 'Rejected.')
      }),
    )
  withWalletOptions(wallet.command('watch'))
    .description('answer every sign request that is pushed to this user, until Ctrl-C')
    .addOption(new Option('--auto <answer>', 'what to answer').choices(['sign', 'reject']).makeOptionMandatory())
    .action(
      run(async (opened, output, _uuid, { auto }) => {
        const ending = new AbortController()
        process.once('SIGINT', () => ending.abort())
        process.once('SIGTERM', () => ending.abort())
        output.note(`Answering what is pushed to ${opened.account}; Ctrl-C ends.`)
        await opened.watch({ auto, signal: ending.signal, onEvent: (event) => showEvent(event, output) })
      }),
    )
  return wallet
}

interface WalletOptions extends OpenWalletOptions {
  readonly json?: boolean
  readonly from: OpenedFrom
  readonly reason?: string
  readonly auto: 'sign' | 'reject'
}

const origins: readonly OpenedFrom[] = ['QR', 'DEEP_LINK', 'PUSH_NOTIFICATION', 'EVENT_LIST', 'XAPP', 'UNKNOWN']

const withWalletOptions = (command: Command): Command =>
  command
    .option('--server <url>', 'the server it is registered with', 'http://127.0.0.1:3000')
    .option('--file <path>', 'where its keys and its registration are kept', './data/wallet.json')
    .option('--ledger <url>', 'wss://… of a node that fee, sequence and ledger index come from, and to submit to')
    .option('--network <key>', 'the network it says it is on, such as TESTNET')
    .option('--fee <drops>', 'fee without a node')
    .option('--sequence <number>', 'sequence without a node')
    .option('--ledger-index <number>', 'last validated ledger without a node')
    .addOption(new Option('--from <origin>', 'how it came by the request').choices(origins).default('QR'))
    .option('--json', 'print JSON for programs')

/** A sign request by its uuid, or by any of its URLs. */
const uuidOf = (text: string): string => {
  const uuid = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/i.exec(text)?.[0]
  if (uuid === undefined) throw new CommandFailure(`"${text}" names no sign request; give its uuid or its URL`)
  return uuid.toLowerCase()
}

const showWallet = (opened: VirtualWallet, output: Output, options: WalletOptions): void => {
  const { account, keys } = opened
  const value = { account, public_key: keys.publicKey, server: options.server, file: resolve(options.file) }
  output.show(value, columns(Object.entries(value).map(([name, shown]) => [name.replaceAll('_', ' '), shown])))
}

const showEvent = (event: WatchEvent, output: Output): void => {
  if (event.event === 'signed') output.show({ event: 'signed', ...event.outcome }, `signed    ${event.outcome.uuid}`)
  else if (event.event === 'rejected') output.show(event, `rejected  ${event.uuid}`)
  else {
    const { uuid, error } = event
    output.show({ event: 'failed', uuid, message: error.message }, `failed    ${uuid ?? ''} ${error.message}`)
  }
}
