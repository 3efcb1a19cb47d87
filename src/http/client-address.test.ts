import type { IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { clientAddressReader } from './client-address.ts'

const read = (trusted: string[], remoteAddress: string | undefined, forwarded?: string) =>
  clientAddressReader(trusted)({
    socket: { remoteAddress },
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
  } as unknown as IncomingMessage)

describe('the client address', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2:ffff::1', '2001:db8:1:2::/64'],
    ['2001:db8:1:3::1', '2001:db8:1:3::/64'],
    ['fe80::1%eth0', 'fe80::/64'],
    [undefined, 'unknown'],
  ])('of the peer %s is %s', (peer, key) => {
    expect(read([], peer)).toEqual({ key, exempt: false })
  })

  it.each(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'])('is exempt when it is %s', (peer) => {
    expect(read([], peer).exempt).toBe(true)
  })

  it('is not exempt once the request carries X-Forwarded-For, believed or not', () => {
    expect(read([], '127.0.0.1', '203.0.113.7')).toEqual({ key: '127.0.0.1', exempt: false })
    expect(read(['127.0.0.1'], '127.0.0.1', '127.0.0.1')).toEqual({ key: '127.0.0.1', exempt: false })
    expect(read([], '127.0.0.1', '')).toEqual({ key: '127.0.0.1', exempt: false })
  })

  it('is what a trusted proxy says', () => {
    expect(read(['10.0.0.0/8'], '10.1.2.3', '203.0.113.7').key).toBe('203.0.113.7')
    expect(read(['10.0.0.0/8'], '::ffff:10.1.2.3', '2001:db8::9').key).toBe('2001:db8::/64')
    expect(read(['fd00::/8'], 'fd00::1', '203.0.113.7').key).toBe('203.0.113.7')
  })

  it('is not what a stranger says', () => {
    expect(read(['10.0.0.0/8'], '198.51.100.1', '203.0.113.7').key).toBe('198.51.100.1')
    expect(read(['10.0.0.0/8'], '10.1.2.3', '203.0.113.7, 198.51.100.1').key).toBe('198.51.100.1')
  })

  it('is looked for behind every trusted proxy', () => {
    expect(read(['10.0.0.0/8', '192.0.2.5'], '10.1.2.3', '203.0.113.7, 192.0.2.5, 10.9.9.9').key).toBe('203.0.113.7')
  })

  it('is that of the last proxy when the header makes no sense', () => {
    expect(read(['10.0.0.0/8'], '10.1.2.3', 'unknown').key).toBe('10.1.2.3')
    expect(read(['10.0.0.0/8'], '10.1.2.3', '203.0.113.7, nonsense, 10.9.9.9').key).toBe('10.9.9.9')
  })
})
