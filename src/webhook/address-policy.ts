import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import { specialNetworks } from './special-networks.ts'

/** Which addresses webhooks may reach. */
export interface AddressPolicy {
  /**
   * Why this IP address may not be reached, as words that complete "is …"; null when it may.
   *
   * @param address in the one canonical spelling that resolvers and URL parsers give
   */
  objectionTo(address: string): string | null
}

type Address = ipaddr.IPv4 | ipaddr.IPv6
type Network = readonly [Address, number]

/**
 * Public addresses may be reached, all others only where they are named. An address that carries an IPv4 address (NAT64,
 * 6to4, IPv4-mapped, …) may end up there: it has to be named itself, and what it carries has to be public or named, too.
 *
 * @param allow networks in CIDR form, or single addresses, that may be reached although they are not public
 */
export const createAddressPolicy = (allow: readonly string[]): AddressPolicy => {
  const allowed = allow.map(parseNetwork)

  const objectionTo = (address: Address): string | null => {
    const special = specialNetworks.find(({ network }) => contains(network, address))
    if (special === undefined) return null
    if (!allowed.some((network) => contains(network, address))) return special.kind
    if (special.carried === null || address instanceof ipaddr.IPv4) return null
    const carried = special.carried(address)
    const objection = objectionTo(carried)
    return objection === null ? null : `${special.kind} of ${carried.toString()}, which is ${objection}`
  }
  return { objectionTo: (address) => (isIP(address) === 0 ? 'no IP address' : objectionTo(ipaddr.parse(address))) }
}

const parseNetwork = (text: string): Network => {
  if (text.includes('/')) return ipaddr.parseCIDR(text)
  const address = ipaddr.parse(text)
  return [address, address.kind() === 'ipv4' ? 32 : 128]
}

const contains = ([network, bits]: Network, address: Address): boolean =>
  network.kind() === address.kind() && address.match(network, bits)
