import { describe, expect, it } from 'vitest'
import { ledgerNodes, parseLedgerUrls } from './ledger-nodes.ts'

describe('LEDGER_URL', () => {
  it('is one node for every network', () => {
    const nodes = ledgerNodes(parseLedgerUrls('wss://node.test:6005/path?a=b')!)
    expect(nodes.nodeFor('TESTNET')?.url).toBe('wss://node.test:6005/path?a=b')
    expect(nodes.nodeFor(null)).toBe(nodes.nodeFor('TESTNET'))
  })

  it('is one node for each network it names, and none for the others', () => {
    const nodes = ledgerNodes(parseLedgerUrls('MAINNET=wss://a.test, testnet=ws://127.0.0.1:6006,XAHAU=wss://a.test')!)
    expect(nodes.nodeFor('MAINNET')?.url).toBe('wss://a.test')
    expect(nodes.nodeFor('TESTNET')?.url).toBe('ws://127.0.0.1:6006')
    expect(nodes.nodeFor('XAHAU')).toBe(nodes.nodeFor('MAINNET'))
    expect(nodes.nodeFor('DEVNET')).toBeNull()
    expect(nodes.nodeFor(null)).toBeNull()
  })

  it.each([
    '',
    'https://node.test',
    'node.test',
    'MAINNET=',
    'MAINNET=node.test',
    'wss://',
    'wss://a.test,wss://b.test',
    'wss://a.test,TESTNET=wss://b.test',
    'MAINNET=wss://a.test,MAINNET=wss://b.test',
    'MAINNET=wss://a.test,',
    '*=wss://a.test',
  ])('cannot be %j', (text) => {
    expect(parseLedgerUrls(text)).toBeNull()
  })
})
