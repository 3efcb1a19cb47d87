import { networkInterfaces } from 'node:os'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAddressPolicy } from '../../src/webhook/address-policy.ts'
import { attemptMaker } from '../../src/webhook/attempt.ts'
import { startReceiver, type Receiver } from './receiver.ts'

/** Every spelling that is known to get past checks of a URL's text. PORT is where the canary listens. */
const hostileUrls: Record<string, readonly string[]> = {
  'loopback, as an IPv4 address': [
    'http://127.0.0.1:PORT/',
    'http://127.0.0.1.:PORT/',
    'http://127.1:PORT/',
    'http://127.0.1:PORT/',
    'http://127.127.127.127:PORT/',
    'http://127.255.255.254:PORT/',
    'http://2130706433:PORT/',
    'http://2130706433.:PORT/',
    'http://0x7f000001:PORT/',
    'http://0X7F000001:PORT/',
    'http://0x7f.0.0.1:PORT/',
    'http://0x7f.1:PORT/',
    'http://0x7f.0x0.0x0.0x1:PORT/',
    'http://0177.0.0.1:PORT/',
    'http://0177.1:PORT/',
    'http://017700000001:PORT/',
    'http://0000177.0000.0000.0001:PORT/',
    'http://127.0.0x0.01:PORT/',
    'https://127.0.0.1:PORT/',
  ],
  'loopback, in characters that a URL parser folds': [
    'http://１２７.０.０.１:PORT/',
    'http://127。0。0。1:PORT/',
    'http://127．0．0．1:PORT/',
    'http://①②⑦.⓪.⓪.①:PORT/',
    'http://%31%32%37.0.0.1:PORT/',
    'http://127%2E0%2E0%2E1:PORT/',
    'http://12\t7.0.\n0.1:PORT/',
    'http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:PORT/',
    'http://ＬＯＣＡＬＨＯＳＴ:PORT/',
    'http://local\u00adhost:PORT/',
  ],
  'loopback, behind something that looks like another host': [
    'http://shop.test@127.0.0.1:PORT/',
    'http://shop.test:443@127.0.0.1:PORT/',
    'http://shop.test%00@127.0.0.1:PORT/',
    'http://127.0.0.1:PORT\\@shop.test/',
    'http://127.0.0.1:PORT#@shop.test/',
    'http://127.0.0.1:PORT?@shop.test/',
    'http:127.0.0.1:PORT/',
    'http:/127.0.0.1:PORT/',
    'http:\\\\127.0.0.1:PORT/',
    'http:////127.0.0.1:PORT/',
    ' http://127.0.0.1:PORT/ ',
    'HTTP://127.0.0.1:PORT/',
  ],
  'loopback and others, as an IPv6 address': [
    'http://[::1]:PORT/',
    'http://[0:0:0:0:0:0:0:1]:PORT/',
    'http://[0000::0001]:PORT/',
    'https://[::1]:PORT/',
    'http://[::]:PORT/',
    'http://[::127.0.0.1]:PORT/',
    'http://[::7f00:1]:PORT/',
    'http://[::ffff:127.0.0.1]:PORT/',
    'http://[::ffff:7f00:1]:PORT/',
    'http://[0:0:0:0:0:ffff:127.0.0.1]:PORT/',
    'http://[::FFFF:127.0.0.1]:PORT/',
    'http://[::ffff:0:127.0.0.1]:PORT/',
    'http://[64:ff9b::127.0.0.1]:PORT/',
    'http://[64:ff9b::169.254.169.254]/',
    'http://[64:ff9b:1::10.0.0.1]/',
    'http://[2002:7f00:1::]:PORT/',
    'http://[2002:a9fe:a9fe::]/',
    'http://[2001:0:1:2::80ff:fffe]:PORT/',
    'http://[fc00::1]/',
    'http://[fd00:ec2::254]/latest/meta-data/',
    'http://[fe80::1]/',
    'http://[fec0::1]/',
    'http://[ff02::1]/',
    'http://[2001:db8::1]/',
    'http://[100::1]/',
    'http://[4000::1]/',
  ],
  'networks that are not public': [
    'http://0.0.0.0:PORT/',
    'http://0:PORT/',
    'http://0x0:PORT/',
    'http://10.0.0.1/',
    'http://012.0.0.1/',
    'http://167772161/',
    'http://172.16.0.1/',
    'http://172.31.255.255/',
    'http://192.168.0.1/',
    'http://0xc0a80001/',
    'http://3232235521/',
    'http://100.64.0.1/',
    'http://192.0.0.1/',
    'http://192.0.2.1/',
    'http://198.18.0.1/',
    'http://198.51.100.1/',
    'http://203.0.113.1/',
    'http://224.0.0.1/',
    'http://240.0.0.1/',
    'http://255.255.255.255/',
  ],
  'metadata services': [
    'http://169.254.169.254/latest/meta-data/',
    'http://169.254.43518/',
    'http://2852039166/',
    'http://0xa9fea9fe/',
    'http://0xA9.0xFE.0xA9.0xFE/',
    'http://0251.0376.0251.0376/',
    'http://[::ffff:169.254.169.254]/',
    'http://[::ffff:a9fe:a9fe]/',
    'http://169.254.170.2/v2/credentials',
    'http://100.100.100.200/latest/meta-data/',
    'http://192.0.0.192/latest/',
    'http://168.63.129.16/metadata',
  ],
}

/** Names, with what they resolve to. */
const hostileNames: Record<string, readonly string[]> = {
  localhost: ['127.0.0.1', '::1'],
  'localhost.': ['127.0.0.1'],
  'anything.localhost': ['127.0.0.1'],
  'loopback.shop.test': ['127.0.0.1'],
  '127.0.0.1.shop.test': ['127.0.0.1'],
  'six.shop.test': ['::1'],
  'mapped.shop.test': ['::ffff:127.0.0.1'],
  'nat64.shop.test': ['64:ff9b::7f00:1'],
  'private.shop.test': ['10.0.0.1'],
  'metadata.google.internal': ['169.254.169.254'],
  'zone.shop.test': ['fe80::1%eth0'],
  'nowhere.shop.test': ['0.0.0.0'],
  'mixed.shop.test': ['1.1.1.1', '127.0.0.1'],
  'mixed-six.shop.test': ['2606:4700:4700::1111', '::1'],
  'last-of-many.shop.test': [...Array.from({ length: 50 }, (_, last) => `1.1.1.${last}`), '127.0.0.1'],
  'odd-answer.shop.test': ['0x7f000001'],
  'no-address.shop.test': ['2130706433'],
}

const unusableUrls = [
  'file:///etc/passwd',
  'ftp://127.0.0.1:PORT/',
  'gopher://127.0.0.1:PORT/_POST',
  'ws://127.0.0.1:PORT/',
  'unix:/var/run/docker.sock',
  'http+unix://%2Fvar%2Frun%2Fdocker.sock/info',
  'javascript:alert(1)',
  'data:text/plain,x',
  'dict://127.0.0.1:PORT/',
  '//127.0.0.1:PORT/',
  '/hook',
  'http://',
  'http://127.0.0.1:99999/',
  'http://[::1%25lo]:PORT/',
  'http://[::ffff:0x7f.1]:PORT/',
  'http://127.0.0.256:PORT/',
  'http://1.2.3.4.5:PORT/',
  'http://shop test/',
  '',
]

const never = new AbortController().signal
const makeAttempt = attemptMaker({
  policy: createAddressPolicy([]),
  resolve: (name) => {
    const addresses = hostileNames[name]
    return addresses === undefined
      ? Promise.reject(Object.assign(new Error(name), { code: 'ENOTFOUND' }))
      : Promise.resolve(addresses)
  },
  timeLimit: 2_000,
})

const canaries: Receiver[] = []
const reached = (): number => canaries.reduce((sum, { connections }) => sum + connections, 0)
const attempt = (url: string) =>
  makeAttempt(
    { url: url.replace('PORT', String(canaries[0]!.port)), headers: {}, body: '{}', requireHttps: false },
    never,
  )

beforeAll(async () => {
  // IPv6 takes IPv4 along where the machine has it
  const host = Object.values(networkInterfaces())
    .flat()
    .some((one) => one?.family === 'IPv6')
    ? '::'
    : '0.0.0.0'
  canaries.push(await startReceiver((_, response) => response.end(), { host }))
})
afterAll(() => Promise.all(canaries.map((canary) => canary.close())))

it('would see the canary if anything reached it', async () => {
  const open = attemptMaker({ policy: createAddressPolicy(['127.0.0.0/8']) })
  const url = `http://127.1:${canaries[0]!.port}/`
  expect(await open({ url, headers: {}, body: '{}', requireHttps: false }, never)).toMatchObject({ status: 200 })
  expect(reached()).toBe(1)
  canaries[0]!.connections = 0
})

describe.each(Object.entries(hostileUrls))('%s', (_, urls) => {
  it.each(urls)('%j is refused, and nothing is sent', async (url) => {
    expect((await attempt(url)).stage).toBe('address')
    expect(reached()).toBe(0)
  })
})

describe.each(['http', 'https'])('a name behind %s', (scheme) => {
  it.each(Object.entries(hostileNames))('%s that resolves to %j is refused', async (name) => {
    expect((await attempt(`${scheme}://${name}:PORT/`)).stage).toBe('address')
    expect(reached()).toBe(0)
  })
})

it.each(unusableUrls)('%j is no URL that a webhook goes to', async (url) => {
  expect((await attempt(url)).stage).toBe('url')
  expect(reached()).toBe(0)
})
