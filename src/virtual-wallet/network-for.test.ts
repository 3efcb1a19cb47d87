import { describe, expect, it } from 'vitest'
import { networkFor } from './network-for.ts'
import type { PayloadView } from './payload-view.ts'

const asking = (type: string, forced: string | null = null) =>
  ({ meta: { force_network: forced }, payload: { tx_type: type } }) as PayloadView

describe('the network that a wallet signs on', () => {
  it.each([
    ['the one asked for', asking('Payment', 'MAINNET'), 'TESTNET', null, 'MAINNET'],
    ['else its own', asking('Payment'), 'DEVNET', null, 'DEVNET'],
    ['else that of its node', asking('Payment'), null, 21337, 'XAHAU'],
    ['else a test network', asking('Payment'), null, null, 'TESTNET'],
    ['of the ledger that knows the transaction', asking('URITokenMint'), null, null, 'XAHAUTESTNET'],
    ['any of them, to sign in', asking('SignIn'), null, null, 'TESTNET'],
    ['also of another ledger, to sign in', asking('SignIn'), null, 21338, 'XAHAUTESTNET'],
  ])('is %s', (_, view, own, nodeNetworkId, key) => {
    expect(networkFor(view, own, nodeNetworkId).key).toBe(key)
  })

  it.each([
    ['that is unknown', asking('Payment'), 'NOWHERE', null],
    ['whose ledger does not know the transaction', asking('URITokenMint', 'TESTNET'), null, null],
    ['that its node does not serve', asking('Payment', 'MAINNET'), null, 1],
    ['that no table has', asking('Payment'), null, 31337],
    ['for a transaction that no ledger knows', asking('Nonsense'), null, null],
  ])('is none %s', (_, view, own, nodeNetworkId) => {
    expect(() => networkFor(view, own, nodeNetworkId)).toThrow()
  })
})
