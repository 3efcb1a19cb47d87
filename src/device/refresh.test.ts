import { describe, expect, it } from 'vitest'
import { giveRefreshHash, noRefreshHashes, useRefreshHash, type RefreshHashes } from './refresh.ts'

const given = (...hashes: string[]): RefreshHashes => hashes.reduce(giveRefreshHash, noRefreshHashes)
const used = (hashes: RefreshHashes, presented: string | null): RefreshHashes => {
  const after = useRefreshHash(hashes, presented)
  if (after === null) throw new Error(`${presented} is refused`)
  return after
}

describe('refresh hashes', () => {
  it('are not asked for until one was used', () => {
    expect(useRefreshHash(noRefreshHashes, null)).toEqual(noRefreshHashes)
    expect(useRefreshHash(given('a'), null)).not.toBeNull()
    expect(useRefreshHash(used(given('a'), 'a'), null)).toBeNull()
  })

  it('are refused when they were never given', () => {
    expect(useRefreshHash(noRefreshHashes, 'a')).toBeNull()
    expect(useRefreshHash(given('a'), 'b')).toBeNull()
  })

  it('stay good until the next one is used', () => {
    const hashes = giveRefreshHash(used(given('a'), 'a'), 'b')
    const still = used(hashes, 'a')
    expect(useRefreshHash(used(still, 'b'), 'a')).toBeNull()
    expect(used(used(still, 'b'), 'b')).toMatchObject({ used: true })
  })

  it('are superseded when two more were given', () => {
    const hashes = given('a', 'b', 'c')
    expect(useRefreshHash(hashes, 'a')).toBeNull()
    expect(useRefreshHash(hashes, 'b')).not.toBeNull()
    expect(useRefreshHash(hashes, 'c')).not.toBeNull()
  })

  it('are kept as digests only', () => {
    expect(JSON.stringify(given('secret one', 'secret two'))).not.toContain('secret')
  })
})
