import { NodeClient, type NodeClientOptions } from './node-client.ts'
import type { LedgerNode } from './ledger-node.ts'

/** The nodes that the operator configured. Only these are ever dialled, whatever a wallet reports. */
export interface LedgerNodes {
  /**
   * @param network key of the forced network, else the one the wallet says it was on, else null
   * @returns null when no node is configured for it
   */
  nodeFor(network: string | null): LedgerNode | null
  close(): void
}

/** By the key of the network; `*` is the one node for every network. */
export type LedgerUrls = ReadonlyMap<string, string>

const everyNetwork = '*'

/**
 * Reads `LEDGER_URL`: one `wss://…` that serves every network, or `MAINNET=wss://…,TESTNET=wss://…`. A node on the same
 * machine may be `ws://`.
 *
 * @returns null when it is written otherwise, or names a network twice
 */
export const parseLedgerUrls = (text: string): LedgerUrls | null => {
  const parts = text.split(',').map((part) => /^(?:(\w+)=)?(wss?:\/\/.+)$/i.exec(part.trim()))
  const urls = new Map<string, string>()
  for (const part of parts) {
    const network = part?.[1]?.toUpperCase() ?? everyNetwork
    const url = part?.[2] ?? ''
    if (!URL.canParse(url) || urls.has(network)) return null
    urls.set(network, url)
  }
  return urls.has(everyNetwork) && urls.size > 1 ? null : urls
}

/** One connection for each URL, opened when it is first asked. */
export const ledgerNodes = (urls: LedgerUrls, options: NodeClientOptions = {}): LedgerNodes => {
  const clients = new Map([...new Set(urls.values())].map((url) => [url, new NodeClient(url, options)]))
  return {
    nodeFor: (network) => {
      const url = urls.get(everyNetwork) ?? (network === null ? undefined : urls.get(network))
      return url === undefined ? null : clients.get(url)!
    },
    close: () => {
      for (const client of clients.values()) client.close()
    },
  }
}
