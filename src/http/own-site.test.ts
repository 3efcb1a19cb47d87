import { describe, expect, test } from 'vitest'
import { checkOwnSite } from './own-site.ts'

const publicUrl = 'https://sign.example.com:8443/base'
const read = (host: string | undefined) => checkOwnSite('GET', { host }, publicUrl)
const write = (headers: Record<string, string>, method = 'POST') => checkOwnSite(method, headers, publicUrl)

describe('names', () => {
  test.each([
    'localhost',
    'LOCALHOST:3000',
    '127.0.0.1',
    '127.1.2.3:80',
    '[::1]:3000',
    '[::ffff:127.0.0.1]',
    'sign.example.com:8443',
    'sign.example.com',
    'Sign.Example.Com',
  ])('%s is our own', (host) => {
    expect(read(host)).toBeNull()
  })

  test.each([
    undefined,
    '',
    'example.com',
    'evil.sign.example.com',
    'sign.example.com.evil.test',
    'localhost.evil.test',
    '127.0.0.1.nip.io',
    '10.0.0.1',
    '0.0.0.0',
    '[::]',
    'localhost@evil.test',
    'evil.test/@localhost',
    'localhost/',
    'localhost, evil.test',
    '[::1',
  ])('%j is not', (host) => {
    expect(read(host)).toEqual({ refused: 'misdirectedHost' })
  })
})

describe('writes', () => {
  test.each([
    [{ host: 'localhost:3000' }],
    [{ host: 'localhost:3000', origin: 'http://localhost:3000' }],
    [{ host: 'localhost:3000', origin: 'https://localhost:3000' }],
    [{ host: '[::1]:3000', origin: 'http://[::1]:3000', 'sec-fetch-site': 'same-origin' }],
    [{ host: 'sign.example.com', origin: 'https://sign.example.com:8443' }],
    [{ host: 'sign.example.com:8443', 'sec-fetch-site': 'none' }],
  ])('pass from our own pages and from what is no browser: %j', (headers) => {
    expect(write(headers)).toBeNull()
  })

  test.each([
    [{ host: 'localhost:3000', origin: 'http://localhost:5173' }],
    [{ host: 'localhost:3000', origin: 'http://127.0.0.1:3000' }],
    [{ host: 'localhost:3000', origin: 'null' }],
    [{ host: 'localhost:3000', origin: 'http://localhost:3000', 'sec-fetch-site': 'cross-site' }],
    [{ host: 'localhost:3000', 'sec-fetch-site': 'same-site' }],
    [{ host: 'sign.example.com:8443', origin: 'http://sign.example.com:8443' }],
    [{ host: 'sign.example.com:8443', origin: 'https://evil.test' }],
    [{ host: 'sign.example.com:8443', origin: '' }],
  ])('are refused from other pages: %j', (headers) => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      expect(write(headers, method)).toEqual({ refused: 'crossOriginWrite' })
    }
  })

  test('are all that the origin matters for', () => {
    expect(write({ host: 'localhost', origin: 'https://evil.test' }, 'GET')).toBeNull()
  })
})
