import type { LedgerFamily } from './template.ts'

/** A network that wallets can be on. Its key is what `force_network` and a wallet's `environment.nodetype` say. */
export interface Network {
  readonly key: string
  readonly name: string
  /** What transactions of networks above 1024 carry as NetworkID; below that they carry none. */
  readonly networkId: number
  /** Whose definitions encode its transactions. */
  readonly family: LedgerFamily
  /** False where the money is play money. */
  readonly isLive: boolean
  readonly nativeAsset: string
  /** For pages that show the network: `#rrggbb`. */
  readonly color: string
  readonly nodes: readonly { readonly name: string; readonly url: string }[]
  readonly explorers: readonly Explorer[]
}

/** Where people look things up: an address to which a transaction hash, a CTID or an account is appended. */
export interface Explorer {
  readonly name: string
  readonly transactionUrl: string
  readonly ctidUrl: string | null
  readonly accountUrl: string
}

const explorer = (
  name: string,
  transactionUrl: string,
  accountUrl: string,
  ctidUrl: string | null = null,
): Explorer => ({
  name,
  transactionUrl,
  ctidUrl,
  accountUrl,
})

const bithomp = (host: string): Explorer =>
  explorer('Bithomp', `https://${host}/explorer/`, `https://${host}/explorer/`, `https://${host}/explorer/`)

const xrplOrg = (host: string): Explorer =>
  explorer(
    'XRPL explorer',
    `https://${host}/transactions/`,
    `https://${host}/accounts/`,
    `https://${host}/transactions/`,
  )

/**
 * The networks known by default. Keys, ids and names are the wallet's, and so are the nodes and colours of MAINNET, XAHAU
 * and XAHAUTESTNET (XRPL-Labs/Xaman-App, src/common/constants/network.ts). The other nodes and the explorers are the
 * addresses in common use (xrpl.org, "Public Servers"; docs of xahau.network); the other two colours are ours. What the
 * hosted platform itself answers was not to be had.
 */
export const networks: readonly Network[] = [
  {
    key: 'MAINNET',
    name: 'XRP Ledger',
    networkId: 0,
    family: 'xrpl',
    isLive: true,
    nativeAsset: 'XRP',
    color: '#6F21F5',
    nodes: [
      { name: 'XRPL Cluster', url: 'wss://xrplcluster.com' },
      { name: 'XRPL Link', url: 'wss://xrpl.link' },
      { name: 'Ripple', url: 'wss://s2.ripple.com' },
    ],
    explorers: [
      bithomp('bithomp.com'),
      xrplOrg('livenet.xrpl.org'),
      explorer('XRPScan', 'https://xrpscan.com/tx/', 'https://xrpscan.com/account/'),
    ],
  },
  {
    key: 'TESTNET',
    name: 'XRP Ledger Testnet',
    networkId: 1,
    family: 'xrpl',
    isLive: false,
    nativeAsset: 'XRP',
    color: '#247CFF',
    nodes: [
      { name: 'XRPL Labs', url: 'wss://testnet.xrpl-labs.com' },
      { name: 'Ripple', url: 'wss://s.altnet.rippletest.net:51233' },
    ],
    explorers: [bithomp('test.bithomp.com'), xrplOrg('testnet.xrpl.org')],
  },
  {
    key: 'DEVNET',
    name: 'XRP Ledger Devnet',
    networkId: 2,
    family: 'xrpl',
    isLive: false,
    nativeAsset: 'XRP',
    color: '#D67200',
    nodes: [{ name: 'Ripple', url: 'wss://s.devnet.rippletest.net:51233' }],
    explorers: [bithomp('dev.bithomp.com'), xrplOrg('devnet.xrpl.org')],
  },
  {
    key: 'XAHAU',
    name: 'Xahau',
    networkId: 21337,
    family: 'xahau',
    isLive: true,
    nativeAsset: 'XAH',
    color: '#0C0240',
    nodes: [{ name: 'Xahau', url: 'wss://xahau.network' }],
    explorers: [
      bithomp('xahauexplorer.com'),
      explorer('Xahscan', 'https://xahscan.com/tx/', 'https://xahscan.com/account/'),
    ],
  },
  {
    key: 'XAHAUTESTNET',
    name: 'Xahau Testnet',
    networkId: 21338,
    family: 'xahau',
    isLive: false,
    nativeAsset: 'XAH',
    color: '#FFFD74',
    nodes: [{ name: 'Xahau', url: 'wss://xahau-test.net' }],
    explorers: [bithomp('test.xahauexplorer.com')],
  },
]

const byKey = new Map(networks.map((network) => [network.key, network]))

/** @param key as in `force_network`; compared to the letter */
export const networkOf = (key: string): Network | null => byKey.get(key) ?? null
