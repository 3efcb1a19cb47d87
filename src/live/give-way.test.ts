import { describe, expect, it } from 'vitest'
import { whoGivesWay } from './give-way.ts'

const seats = (addresses: string) => Array.from(addresses, (address, came) => ({ address, came }))

describe('who gives way', () => {
  it('is the oldest of the address with most', () => {
    expect(whoGivesWay(seats('abcbb'))).toEqual({ address: 'b', came: 1 })
  })

  it('is the oldest of all when every address has as many', () => {
    expect(whoGivesWay(seats('cab'))).toEqual({ address: 'c', came: 0 })
  })

  it('is the only one there is', () => {
    expect(whoGivesWay(seats('a'))).toEqual({ address: 'a', came: 0 })
  })
})
