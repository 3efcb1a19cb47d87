import { afterEach, describe, expect, it } from 'vitest'
import { nodeLedger } from '../../src/virtual-wallet/node-ledger.ts'
import { WalletError } from '../../src/virtual-wallet/wallet-error.ts'
import { offlineLedger } from '../../src/virtual-wallet/wallet-ledger.ts'
import { fixtureNamed } from '../fixtures/signed-fixtures.ts'
import { startScriptedNode, type ScriptedNodeOptions } from '../ledger-node.ts'

const account = 'rG31cLyErnqeVj2eomEjBZtq7PYaupGYzL'

const started: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of started.splice(0).reverse()) await one.close()
})

const startLedger = async (options: ScriptedNodeOptions = {}, fixed = {}) => {
  const node = await startScriptedNode({ accounts: { [account]: { sequence: 7 } }, ledgerIndex: 500, ...options })
  const ledger = nodeLedger(node.url, fixed)
  started.push(node, ledger)
  return { node, ledger }
}

describe('what a wallet learns from a ledger node', () => {
  it('is the fee, the next sequence, the last ledger and the network', async () => {
    const { ledger } = await startLedger({ networkId: 21338 })
    expect(await ledger.readState(account)).toEqual({ fee: '10', sequence: 7, ledgerIndex: 500 })
    expect(await ledger.readNetworkId()).toBe(21338)
  })

  it('is a higher fee on a busy ledger, up to a limit', async () => {
    const { node, ledger } = await startLedger()
    node.loadFactor = 2.55
    expect(await ledger.readState(account)).toMatchObject({ fee: '26' })
    node.loadFactor = 1e9
    expect(await ledger.readState(account)).toMatchObject({ fee: '50000' })
  })

  it('gives way to what the wallet was told', async () => {
    const { ledger } = await startLedger({}, { fee: '99', sequence: 1 })
    expect(await ledger.readState(account)).toEqual({ fee: '99', sequence: 1, ledgerIndex: 500 })
  })

  it('is an error where the ledger has no such account, or does not answer', async () => {
    const { node, ledger } = await startLedger({ accounts: {} })
    await expect(ledger.readState(account)).rejects.toThrow('The ledger node did not answer account_info: actNotFound.')
    node.behaviour = 'drop'
    await expect(ledger.readNetworkId()).rejects.toThrow(WalletError)
  })

  it('is also what became of a transaction', async () => {
    const { node, ledger } = await startLedger()
    const { signedBlob, txid } = fixtureNamed('xrpl Payment, ed25519').submission
    node.engineResult = 'tecUNFUNDED_PAYMENT'
    expect(await ledger.submit(signedBlob)).toBe('tecUNFUNDED_PAYMENT')
    node.engineResult = 'tesSUCCESS'
    expect(await ledger.submit(signedBlob)).toBe('tesSUCCESS')
    expect(node.transactions.get(txid!)).toMatchObject({ validated: true })
  })
})

describe('a wallet without a ledger', () => {
  it('takes what it was told, a higher sequence each time', async () => {
    const ledger = offlineLedger({ fee: '15', sequence: 4, ledgerIndex: 9, dispatchedResult: 'tesSUCCESS' })
    expect(await ledger.readState(account)).toEqual({ fee: '15', sequence: 4, ledgerIndex: 9 })
    expect(await ledger.readState(account)).toMatchObject({ sequence: 5 })
    expect(await ledger.submit('')).toBe('tesSUCCESS')
  })

  it('says nothing of a ledger that it was told nothing of', async () => {
    const ledger = offlineLedger({})
    expect(await ledger.readState(account)).toEqual({ fee: '12', sequence: 1, ledgerIndex: null })
    expect(await ledger.submit('')).toBeNull()
    expect(await ledger.readNetworkId()).toBeNull()
  })
})
