import type { IncomingMessage } from 'node:http'
import ipaddr from 'ipaddr.js'

/** Where a request comes from, as limits see it. */
export interface ClientAddress {
  /** An IPv4 address, or the /64 of an IPv6 address, since that is what one customer has. */
  readonly key: string
  /** A client on this very machine, behind no proxy: limits per address do not hold for it. */
  readonly exempt: boolean
}

export type ReadClientAddress = (request: IncomingMessage) => ClientAddress

type Address = ipaddr.IPv4 | ipaddr.IPv6

/**
 * Reads the client's address off requests: the peer's, or, when the peer is a trusted proxy, what its `X-Forwarded-For`
 * says. That header is read from its end, where the nearest proxy writes, up to the first address that is no trusted
 * proxy itself; what stands before was written by strangers.
 *
 * @param trustedProxies networks in CIDR form, or single addresses
 */
export const clientAddressReader = (trustedProxies: readonly string[]): ReadClientAddress => {
  const networks = trustedProxies.map(parseNetwork)
  const isTrusted = (address: Address): boolean => networks.some((network) => contains(network, address))

  return (request) => {
    const forwarded = headerText(request.headers['x-forwarded-for'])
    let client = parseAddress(request.socket.remoteAddress ?? '')
    // the peer is gone, or no IP peer
    if (client === null) return { key: 'unknown', exempt: false }
    if (forwarded === undefined) return { key: keyOf(client), exempt: client.range() === 'loopback' }
    for (const hop of forwarded.split(',').reverse()) {
      if (!isTrusted(client)) break
      const next = parseAddress(hop.trim())
      if (next === null) break
      client = next
    }
    return { key: keyOf(client), exempt: false }
  }
}

const headerText = (header: string | string[] | undefined): string | undefined =>
  Array.isArray(header) ? header.join(',') : header

/** IPv4 in IPv6 clothes counts as IPv4. */
const parseAddress = (text: string): Address | null => (ipaddr.isValid(text) ? ipaddr.process(text) : null)

const parseNetwork = (text: string): [Address, number] => {
  if (text.includes('/')) return ipaddr.parseCIDR(text)
  const address = ipaddr.process(text)
  return [address, address.kind() === 'ipv4' ? 32 : 128]
}

const contains = ([network, bits]: [Address, number], address: Address): boolean =>
  network.kind() === address.kind() && address.match(network, bits)

const keyOf = (address: Address): string => {
  if (address instanceof ipaddr.IPv4) return address.toString()
  return `${new ipaddr.IPv6([...address.parts.slice(0, 4), 0, 0, 0, 0]).toString()}/64`
}
