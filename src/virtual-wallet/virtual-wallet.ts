import type { JsonObject } from '../json.ts'
import { keysOf, newKeys, type KeyAlgorithm, type WalletKeys } from './keys.ts'
import { nodeLedger } from './node-ledger.ts'
import type { OpenedFrom, PayloadView } from './payload-view.ts'
import { signFlow, type SignOutcome } from './sign-flow.ts'
import { WalletClient, registerWallet, type WalletClientOptions, type WalletIdentity } from './wallet-client.ts'
import { offlineLedger, type OfflineLedgerOptions } from './wallet-ledger.ts'
import { watchPending, type WatchOptions } from './watch-pending.ts'

export interface VirtualWalletOptions extends WalletClientOptions, OfflineLedgerOptions {
  /** Base URL of the server whose sign requests it answers. */
  readonly server: string
  /** New keys are made when left out. */
  readonly seed?: string
  readonly algorithm?: KeyAlgorithm
  /** Signs for this account, whose regular key its key is; left out: for the key's own account. */
  readonly account?: string
  /** What it is to the server, from an earlier time; left out: it registers as a new user. */
  readonly state?: WalletIdentity
  /** Key of the network it is on; left out: that of the ledger node, else a test network. */
  readonly network?: string
  /** `wss://…` of a node that knows fee, sequence and ledger, and that it submits to. */
  readonly ledger?: string
  /** Whether an application may push sign requests to this user from then on; true, as of the real wallet. */
  readonly push?: boolean
}

/**
 * A wallet in code, without a back door: it registers like a phone, speaks the public wallet API and signs with real
 * keys. Every failure is a `WalletError`; a refusal of the server is a `WalletApiError` with its code.
 */
export interface VirtualWallet {
  readonly keys: WalletKeys
  /** The account it signs for. */
  readonly account: string
  /** To be given as `state` the next time. Secret. */
  readonly state: WalletIdentity
  /** The wallet API itself, for what has no method here. */
  readonly client: WalletClient
  /** Shows a sign request, which counts as opening it. */
  open(uuid: string, from?: OpenedFrom): Promise<PayloadView>
  /** @param entered fields that the user fills in, such as the Amount of a payment that leaves it open */
  sign(uuid: string, entered?: JsonObject, from?: OpenedFrom): Promise<SignOutcome>
  reject(uuid: string, reason?: string, from?: OpenedFrom): Promise<void>
  /** Answers what is pushed to it, until the signal ends it. */
  watch(options: WatchOptions): Promise<void>
  close(): void
}

export const createVirtualWallet = async (options: VirtualWalletOptions): Promise<VirtualWallet> => {
  const keys = options.seed === undefined ? newKeys(options.algorithm) : keysOf(options.seed, options.algorithm)
  const account = options.account ?? keys.address
  const ledger = options.ledger === undefined ? offlineLedger(options) : nodeLedger(options.ledger, options)
  const client = new WalletClient(options.state ?? (await registerWallet(options.server, options)), options)
  options.save?.(client.identity)
  const allowsPush = options.push ?? true
  const signatory = { keys, account, client, ledger, network: options.network ?? null, allowsPush }

  const wallet: VirtualWallet = {
    keys,
    account,
    client,
    get state() {
      return client.identity
    },
    open: (uuid, from) => client.fetchPayload(uuid, from),
    sign: (uuid, entered = {}, from = 'QR') => signFlow(signatory, uuid, entered, from),
    reject: async (uuid, reason, from = 'QR') => {
      await client.fetchPayload(uuid, from)
      const why = reason === undefined ? {} : { reject_reason: reason }
      await client.patchPayload(uuid, { reject: true, reject_initiator: 'USER', ...why, origintype: from })
    },
    watch: (watching) => watchPending(wallet, watching),
    close: () => ledger.close(),
  }
  return wallet
}
