import { describe, expect, it } from 'vitest'
import { createAddressPolicy } from './address-policy.ts'

const strict = createAddressPolicy([])

describe('createAddressPolicy', () => {
  it.each(['1.1.1.1', '8.8.8.8', '11.0.0.1', '100.63.255.255', '100.128.0.0', '126.255.255.255', '128.0.0.1'])(
    'lets webhooks reach %s',
    (address) => expect(strict.objectionTo(address)).toBeNull(),
  )

  it.each(['172.15.255.255', '172.32.0.0', '192.167.255.255', '192.169.0.0', '198.17.255.255', '198.20.0.0'])(
    'lets webhooks reach %s, just outside a special network',
    (address) => expect(strict.objectionTo(address)).toBeNull(),
  )

  it.each(['2606:4700:4700::1111', '2a00:1450:4001:810::200e', '2001:200::1', '2003::1'])(
    'lets webhooks reach %s over IPv6',
    (address) => expect(strict.objectionTo(address)).toBeNull(),
  )

  it.each([
    ['0.0.0.0', 'unspecified'],
    ['0.1.2.3', 'unspecified'],
    ['10.0.0.0', 'private'],
    ['10.255.255.255', 'private'],
    ['100.64.0.1', "a carrier's own (CGNAT)"],
    ['100.100.100.200', "a carrier's own (CGNAT)"],
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['168.63.129.16', 'cloud metadata'],
    ['169.254.169.254', 'link-local'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['192.0.0.192', 'reserved'],
    ['192.0.2.1', 'for documentation'],
    ['192.88.99.1', 'a 6to4 relay'],
    ['192.168.1.1', 'private'],
    ['198.19.255.255', 'for benchmarks'],
    ['198.51.100.1', 'for documentation'],
    ['203.0.113.1', 'for documentation'],
    ['224.0.0.1', 'multicast'],
    ['239.255.255.250', 'multicast'],
    ['240.0.0.1', 'reserved'],
    ['255.255.255.255', 'broadcast'],
    ['::', 'unspecified'],
    ['::1', 'loopback'],
    ['::7f00:1', 'IPv4-compatible'],
    ['::ffff:127.0.0.1', 'IPv4-mapped'],
    ['::ffff:8.8.8.8', 'IPv4-mapped'],
    ['::ffff:0:7f00:1', 'IPv4-translated'],
    ['64:ff9b::7f00:1', 'NAT64'],
    ['64:ff9b:1::a00:1', 'NAT64'],
    ['100::1', 'discarded'],
    ['2001:0:4136:e378:8000:63bf:80ff:fffe', 'Teredo'],
    ['2001:2::1', 'for benchmarks'],
    ['2001:20::1', 'reserved'],
    ['2001:db8::1', 'for documentation'],
    ['2002:7f00:1::', '6to4'],
    ['3fff::1', 'for documentation'],
    ['4000::1', 'reserved'],
    ['5f00::1', 'reserved'],
    ['fc00::1', 'private'],
    ['fd00:ec2::254', 'private'],
    ['fe80::1', 'link-local'],
    ['fe80::1%eth0', 'link-local'],
    ['fec0::1', 'private'],
    ['ff02::1', 'multicast'],
  ])('refuses %s, which is %s', (address, kind) => expect(strict.objectionTo(address)).toBe(kind))

  it.each(['', 'localhost', '127.1', '0x7f.0.0.1', '0177.0.0.1', '2130706433', '[::1]', ' 8.8.8.8', '8.8.8.8/32'])(
    'refuses "%s", which is no address in its canonical spelling',
    (address) => expect(strict.objectionTo(address)).toBe('no IP address'),
  )

  it('lets through what is named, a network or a single address, and nothing beside it', () => {
    const policy = createAddressPolicy(['10.1.0.0/16', '127.0.0.1', 'fd12::/16', '::1'])
    for (const address of ['10.1.255.255', '127.0.0.1', 'fd12::99', '::1']) {
      expect(policy.objectionTo(address)).toBeNull()
    }
    for (const address of ['10.2.0.0', '127.0.0.2', 'fd13::1', '::2', '::ffff:127.0.0.1']) {
      expect(policy.objectionTo(address)).not.toBeNull()
    }
  })

  it('asks of an address that carries another that both may be reached', () => {
    const policy = createAddressPolicy(['64:ff9b::/96', '2002::/16', '2001::/32', '10.0.0.0/8'])
    expect(policy.objectionTo('64:ff9b::8.8.8.8')).toBeNull()
    expect(policy.objectionTo('64:ff9b::10.0.0.1')).toBeNull()
    expect(policy.objectionTo('64:ff9b::169.254.169.254')).toBe('NAT64 of 169.254.169.254, which is link-local')
    expect(policy.objectionTo('2002:7f00:1::')).toBe('6to4 of 127.0.0.1, which is loopback')
    // the client's address 127.0.0.1, every bit turned round
    expect(policy.objectionTo('2001::80ff:fffe')).toBe('Teredo of 127.0.0.1, which is loopback')
  })

  it('takes a network written in the mapped form for what it says', () => {
    const policy = createAddressPolicy(['::ffff:0:0/96', '127.0.0.0/8'])
    expect(policy.objectionTo('::ffff:127.0.0.1')).toBeNull()
    expect(policy.objectionTo('::ffff:8.8.8.8')).toBeNull()
    expect(policy.objectionTo('::ffff:10.0.0.1')).toBe('IPv4-mapped of 10.0.0.1, which is private')
  })
})
