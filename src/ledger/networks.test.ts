import { describe, expect, it } from 'vitest'
import { networkIcon } from './network-icon.ts'
import { networkOf, networks } from './networks.ts'

describe('networks', () => {
  it('are found by their key', () => {
    expect(networkOf('TESTNET')?.networkId).toBe(1)
    expect(networkOf('XAHAU')?.family).toBe('xahau')
    expect(networkOf('testnet')).toBeNull()
    expect(networkOf('toString')).toBeNull()
  })

  it('have keys and ids of their own, and addresses that are addresses', () => {
    expect(new Set(networks.map(({ key }) => key)).size).toBe(networks.length)
    expect(new Set(networks.map(({ networkId }) => networkId)).size).toBe(networks.length)
    for (const { nodes, explorers, color } of networks) {
      expect(color).toMatch(/^#[0-9A-F]{6}$/)
      for (const { url } of nodes) expect(new URL(url).protocol).toBe('wss:')
      for (const { transactionUrl, accountUrl, ctidUrl } of explorers) {
        for (const url of [transactionUrl, accountUrl, ...(ctidUrl === null ? [] : [ctidUrl])]) {
          expect(url).toMatch(/^https:\/\/.*\/$/)
        }
      }
    }
  })

  it('of the XRPL family pay in XRP, of the other in XAH', () => {
    expect(networks.map(({ family, nativeAsset }) => `${family} ${nativeAsset}`)).toEqual([
      'xrpl XRP',
      'xrpl XRP',
      'xrpl XRP',
      'xahau XAH',
      'xahau XAH',
    ])
  })
})

describe('networkIcon', () => {
  it('draws the native asset on the colour of the network', () => {
    const drawn = decodeURIComponent(networkIcon(networkOf('XAHAUTESTNET')!, 'round'))
    expect(drawn).toMatch(/^data:image\/svg\+xml,<svg .*rx="48" fill="#FFFD74".*fill="#000">XAH<\/text><\/svg>$/)
    expect(decodeURIComponent(networkIcon(networkOf('MAINNET')!, 'square'))).toContain('fill="#fff">XRP<')
  })
})
