import { knowsTransactionType } from '../ledger/definitions.ts'
import { networkOf, networks, type Network } from '../ledger/networks.ts'
import { isPseudo, type PayloadView } from './payload-view.ts'
import { WalletError } from './wallet-error.ts'

/**
 * The network to sign on: the one that is asked for, else the wallet's own, else the one of its ledger node, else a test
 * network whose ledger knows the transaction.
 *
 * @param own key of the network that the wallet was told to be on
 * @param nodeNetworkId of its ledger node; a request for another network is not signed
 */
export const networkFor = (
  { meta, payload }: PayloadView,
  own: string | null,
  nodeNetworkId: number | null,
): Network => {
  const key = meta.force_network ?? own
  const type = payload.tx_type
  const fits = (network: Network): boolean =>
    nodeNetworkId === null ? !network.isLive && knows(network, type) : network.networkId === nodeNetworkId
  const network = (key === null ? networks.find(fits) : networkOf(key)) ?? null
  if (network === null) throw new WalletError(`The wallet is on no network that it could sign a ${type} for.`)
  if (nodeNetworkId !== null && network.networkId !== nodeNetworkId) {
    throw new WalletError(`The sign request is for ${network.key}, and the wallet's ledger node is on another network.`)
  }
  if (!knows(network, type)) throw new WalletError(`${network.key} does not know the transaction type ${type}.`)
  return network
}

const knows = ({ family }: Network, type: string): boolean => isPseudo(type) || knowsTransactionType(family, type)
