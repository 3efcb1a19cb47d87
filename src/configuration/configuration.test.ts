import { describe, expect, it } from 'vitest'
import { ConfigurationError, readConfiguration } from './configuration.ts'
import { flagOf } from './setting.ts'

const complaint = (...call: Parameters<typeof readConfiguration>): string => {
  try {
    readConfiguration(...call)
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message
    throw error
  }
  return 'no complaint'
}

describe('readConfiguration', () => {
  it('needs nothing for dev, and listens on loopback', () => {
    expect(readConfiguration('dev', {})).toMatchObject({
      port: 3000,
      host: '127.0.0.1',
      publicUrl: null,
      databaseUrl: 'sqlite:./data/countersign.db',
      keepalive: 15_000,
      allowUnconfirmedKeys: false,
    })
  })

  it('lets a flag beat the environment, and an empty variable count as absent', () => {
    const read = readConfiguration('dev', { PORT: '4000', HOST: '' }, { port: '5000' })
    expect(read).toMatchObject({ port: 5000, host: '127.0.0.1' })
  })

  it('refuses serve on an unspecified address without PUBLIC_URL', () => {
    expect(complaint('serve', {})).toContain('PUBLIC_URL')
    expect(complaint('serve', { HOST: '::' })).toContain('PUBLIC_URL')
    expect(complaint('serve', { HOST: '10.0.0.5' })).toBe('no complaint')
    expect(complaint('serve', { PUBLIC_URL: 'https://sign.example.com' })).toBe('no complaint')
  })

  it('refuses PostgreSQL without a secret key', () => {
    expect(complaint('dev', { DATABASE_URL: 'postgres://localhost/x' })).toContain('COUNTERSIGN_SECRET_KEY')
  })

  it('drains in serve and not in dev', () => {
    expect(readConfiguration('serve', { HOST: '127.0.0.1' }).drainTime).toBe(2_000)
    expect(readConfiguration('dev', {}).drainTime).toBe(0)
  })

  it('names every setting that cannot be used, with its flag', () => {
    const said = complaint('dev', { PORT: 'http', PUBLIC_URL: 'sign.example.com', TRUST_PROXY: '10.0.0.0/99' })
    for (const name of ['PORT (--port)', 'PUBLIC_URL (--public-url)', 'TRUST_PROXY (--trust-proxy)']) {
      expect(said).toContain(name)
    }
  })

  it.each([
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '3e3'],
    ['PUBLIC_URL', 'ftp://x.test'],
    ['PUBLIC_URL', 'https://x.test/?a=1'],
    ['DATABASE_URL', 'mysql://localhost/x'],
    ['REDIS_URL', 'localhost:6379'],
    ['REDIS_URL', 'redis://a.test/?cluster=perhaps'],
    ['COUNTERSIGN_SECRET_KEY', 'abc'],
    ['ALLOW_UNCONFIRMED_KEYS', 'maybe'],
    ['KEEPALIVE_SECONDS', '0'],
    ['LOG_LEVEL', 'loud'],
    ['DEEPLINK', 'javascript://{id}'],
    ['DEEPLINK', 'xumm://{host}/sign'],
    ['FRAME_ANCESTORS', "'none'; script-src *"],
    ['FRAME_ANCESTORS', "'none' https://shop.test"],
  ])('refuses %s=%s', (name, value) => {
    expect(complaint('dev', { [name]: value })).toContain(name)
  })

  it('never repeats a secret in its complaint', () => {
    expect(complaint('dev', { COUNTERSIGN_SECRET_KEY: 'hunter2' })).not.toContain('hunter2')
    expect(complaint('dev', { DATABASE_URL: 'mysql://u:hunter2@x' })).not.toContain('hunter2')
    expect(complaint('dev', { REDIS_URL: 'http://u:hunter2@x' })).not.toContain('hunter2')
  })

  it('keeps a public URL without a slash at its end', () => {
    expect(readConfiguration('dev', { PUBLIC_URL: 'https://x.test/base/' }).publicUrl).toBe('https://x.test/base')
  })
})

it('names flags after the variables, without the prefix', () => {
  expect(flagOf('PUBLIC_URL')).toBe('--public-url')
  expect(flagOf('COUNTERSIGN_SECRET_KEY')).toBe('--secret-key')
})
