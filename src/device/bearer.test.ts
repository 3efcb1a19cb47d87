import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { parseBearer, provesDevice } from './bearer.ts'

const hash = 'f'.repeat(64)

describe('a bearer', () => {
  it('has a token, a counter and a hash', () => {
    expect(parseBearer(`Bearer token.12.${hash}`)).toEqual({
      accessToken: 'token',
      counter: 12,
      hash,
      refreshHash: null,
    })
  })

  it('may have the hash of refresh-token as a fourth part', () => {
    expect(parseBearer(`Bearer token.12.${hash}.fourth`)).toMatchObject({ counter: 12, refreshHash: 'fourth' })
  })

  it.each([
    undefined,
    '',
    'Bearer',
    'Bearer ',
    'Bearer token',
    `token.12.${hash}`,
    `Basic token.12.${hash}`,
    'Bearer token.12',
    'Bearer token.12.',
    `Bearer .12.${hash}`,
    `Bearer token..${hash}`,
    `Bearer token.12.${hash}.`,
    `Bearer token.12.${hash}.a.b`,
    `Bearer token.0.${hash}`,
    `Bearer token.-1.${hash}`,
    `Bearer token.01.${hash}`,
    `Bearer token.1e3.${hash}`,
    `Bearer token.1,5.${hash}`,
    `Bearer token.9007199254740992.${hash}`,
    `Bearer token.99999999999999999.${hash}`,
    `Bearer to ken.12.${hash}`,
    `Bearer ${'t'.repeat(129)}.12.${hash}`,
  ])('is malformed when it reads %j', (header) => {
    expect(parseBearer(header)).toEqual({ refused: 'bearerMalformed' })
  })

  it('proves the device whose identifier went into the hash', () => {
    const made = createHash('sha256').update('tokenphone12').digest('hex')
    const bearer = { accessToken: 'token', counter: 12, hash: made, refreshHash: null }
    expect(provesDevice(bearer, 'phone')).toBe(true)
    expect(provesDevice(bearer, 'another')).toBe(false)
    expect(provesDevice({ ...bearer, counter: 13 }, 'phone')).toBe(false)
    expect(provesDevice({ ...bearer, hash: made.toUpperCase() }, 'phone')).toBe(false)
    expect(provesDevice({ ...bearer, hash: made.slice(1) }, 'phone')).toBe(false)
  })
})
