import ipaddr from 'ipaddr.js'

/** A network that no public receiver lives in, and what to call it in words. */
export interface SpecialNetwork {
  readonly network: [ipaddr.IPv4 | ipaddr.IPv6, number]
  /** Completes "is …": `private`, `link-local`, … */
  readonly kind: string
  /** The IPv4 address that an address in this network stands for, where a gateway may take it there. */
  readonly carried: ((address: ipaddr.IPv6) => ipaddr.IPv4) | null
}

const network = (cidr: string, kind: string, carried: SpecialNetwork['carried'] = null): SpecialNetwork => ({
  network: ipaddr.parseCIDR(cidr),
  kind,
  carried,
})

/** The IPv4 address in these four bytes of an IPv6 address. */
const bytesFrom =
  (first: number) =>
  (address: ipaddr.IPv6): ipaddr.IPv4 =>
    new ipaddr.IPv4(address.toByteArray().slice(first, first + 4))

/** Teredo writes the client's address with every bit turned round. Source: RFC 4380, section 4. */
const inverted = (address: ipaddr.IPv6): ipaddr.IPv4 =>
  new ipaddr.IPv4(
    address
      .toByteArray()
      .slice(12)
      .map((byte) => byte ^ 0xff),
  )

/**
 * Networks that are not public, the narrower before the wider. Source: the IANA IPv4 and IPv6 Special-Purpose Address
 * Registries (RFC 6890), and for one address of a cloud its provider, as said there.
 */
export const specialNetworks: readonly SpecialNetwork[] = [
  network('0.0.0.0/8', 'unspecified'),
  network('10.0.0.0/8', 'private'),
  network('100.64.0.0/10', "a carrier's own (CGNAT)"),
  network('127.0.0.0/8', 'loopback'),
  // Azure hands out credentials here, on an address that looks public
  network('168.63.129.16/32', 'cloud metadata'),
  network('169.254.0.0/16', 'link-local'),
  network('172.16.0.0/12', 'private'),
  network('192.0.0.0/24', 'reserved'),
  network('192.0.2.0/24', 'for documentation'),
  network('192.31.196.0/24', 'reserved'),
  network('192.52.193.0/24', 'reserved'),
  network('192.88.99.0/24', 'a 6to4 relay'),
  network('192.168.0.0/16', 'private'),
  network('192.175.48.0/24', 'reserved'),
  network('198.18.0.0/15', 'for benchmarks'),
  network('198.51.100.0/24', 'for documentation'),
  network('203.0.113.0/24', 'for documentation'),
  network('224.0.0.0/4', 'multicast'),
  network('255.255.255.255/32', 'broadcast'),
  network('240.0.0.0/4', 'reserved'),

  network('::/128', 'unspecified'),
  network('::1/128', 'loopback'),
  network('::/96', 'IPv4-compatible', bytesFrom(12)),
  network('::ffff:0:0/96', 'IPv4-mapped', bytesFrom(12)),
  network('::ffff:0:0:0/96', 'IPv4-translated', bytesFrom(12)),
  network('64:ff9b::/96', 'NAT64', bytesFrom(12)),
  network('64:ff9b:1::/48', 'NAT64', bytesFrom(12)),
  network('100::/64', 'discarded'),
  network('2001::/32', 'Teredo', inverted),
  network('2001:2::/48', 'for benchmarks'),
  network('2001::/23', 'reserved'),
  network('2001:db8::/32', 'for documentation'),
  network('2002::/16', '6to4', bytesFrom(2)),
  network('2620:4f:8000::/48', 'reserved'),
  network('3fff::/20', 'for documentation'),
  network('fc00::/7', 'private'),
  network('fe80::/10', 'link-local'),
  network('fec0::/10', 'private'),
  network('ff00::/8', 'multicast'),
  // everything but 2000::/3, from which alone public addresses are given out
  network('::/3', 'reserved'),
  network('4000::/2', 'reserved'),
  network('8000::/1', 'reserved'),
]
