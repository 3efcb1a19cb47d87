import { networkIcon } from '../ledger/network-icon.ts'
import { networks, type Explorer, type Network } from '../ledger/networks.ts'

/**
 * The known networks by key, as both APIs show them. Source: XRPL-Labs/XUMM-SDK, src/types/Meta/Rails.ts.
 *
 * @param known those of this server
 */
export const railsOf = (known: readonly Network[] = networks) =>
  Object.fromEntries(known.map((network) => [network.key, railOf(network)]))

const railOf = (network: Network) => ({
  chain_id: network.networkId,
  color: network.color,
  name: network.name,
  is_livenet: network.isLive,
  native_asset: network.nativeAsset,
  endpoints: network.nodes.map(({ name, url }) => ({ name, url })),
  explorers: network.explorers.map(explorerOf),
  icons: { icon_square: networkIcon(network, 'square'), icon_asset: networkIcon(network, 'round') },
})

const explorerOf = ({ name, transactionUrl, accountUrl, ctidUrl }: Explorer) => ({
  name,
  url_tx: transactionUrl,
  url_account: accountUrl,
  ...(ctidUrl === null ? {} : { url_ctid: ctidUrl }),
})
