import { describe, expect, it } from 'vitest'
import { parseRedisUrls } from './urls.ts'

describe('parseRedisUrls', () => {
  it('reads one server, with the usual port and nobody who logs in', () => {
    expect(parseRedisUrls('redis://cache.test')).toEqual({
      addresses: [{ host: 'cache.test', port: 6379 }],
      cluster: false,
      tls: false,
      username: '',
      password: '',
    })
  })

  it('reads TLS, a port, and credentials that are percent-encoded', () => {
    expect(parseRedisUrls('rediss://node:p%40ss%2Fw%C3%BC@cache.test:6380/0')).toMatchObject({
      addresses: [{ host: 'cache.test', port: 6380 }],
      tls: true,
      username: 'node',
      password: 'p@ss/wü',
    })
    expect(parseRedisUrls('redis://:secret@cache.test')).toMatchObject({ username: '', password: 'secret' })
  })

  it('takes an IPv6 address out of its brackets', () => {
    expect(parseRedisUrls('redis://[::1]:7000')?.addresses).toEqual([{ host: '::1', port: 7000 }])
  })

  it('takes several servers for a cluster, and one that says so', () => {
    expect(parseRedisUrls('redis://a.test:1, redis://b.test:2')).toMatchObject({
      cluster: true,
      addresses: [
        { host: 'a.test', port: 1 },
        { host: 'b.test', port: 2 },
      ],
    })
    expect(parseRedisUrls('redis://a.test?cluster=true')?.cluster).toBe(true)
    expect(parseRedisUrls('redis://a.test/?cluster=false')?.cluster).toBe(false)
  })

  it('does not take a comma in a password for the next server', () => {
    expect(parseRedisUrls('redis://:a,b@a.test')).toMatchObject({ cluster: false, password: 'a,b' })
  })

  it.each([
    '',
    'a.test:6379',
    'http://a.test',
    'redis://',
    'redis://a.test:0',
    'redis://a.test:70000',
    'redis://a.test/name',
    'redis://a.test?db=1',
    'redis://a.test#1',
    'redis://:%E0%A4%A@a.test',
    'redis://a.test,b.test',
    'redis://a.test,rediss://b.test',
    'redis://:one@a.test,redis://:two@b.test',
  ])('refuses %j', (text) => {
    expect(parseRedisUrls(text)).toBeNull()
  })
})
