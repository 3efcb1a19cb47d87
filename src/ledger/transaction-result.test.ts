import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../json.ts'
import type { LedgerNode, NodeAnswer } from './ledger-node.ts'
import { readTransactionState } from './transaction-result.ts'

const txid = 'AB'.repeat(32)
const stateWhen = (answer: NodeAnswer) => {
  const node: LedgerNode = { url: 'wss://node.test', request: async () => answer }
  return readTransactionState(node, txid)
}
const whenFound = (changes: JsonObject) =>
  stateWhen({
    answer: 'result',
    result: { hash: txid, validated: true, meta: { TransactionResult: 'tecPATH_DRY' }, ...changes },
  })

describe('what a node says became of a transaction', () => {
  it('is the result in a validated ledger', async () => {
    expect(await whenFound({})).toEqual({ state: 'validated', result: 'tecPATH_DRY' })
  })

  it('is open while no validated ledger has it', async () => {
    expect(await whenFound({ validated: false })).toEqual({ state: 'open' })
    expect(await stateWhen({ answer: 'error', error: 'txnNotFound' })).toEqual({ state: 'open' })
  })

  it('is not taken from another transaction, nor from what is no result code', async () => {
    expect(await whenFound({ hash: 'CD'.repeat(32) })).toEqual({ state: 'open' })
    for (const result of [null, 'done', `tec${'X'.repeat(100)}`]) {
      expect(await whenFound({ meta: { TransactionResult: result } })).toEqual({ state: 'open' })
    }
    expect(await whenFound({ meta: 'AB' })).toEqual({ state: 'open' })
  })

  it('is unknown when the node cannot say', async () => {
    expect(await stateWhen({ answer: 'error', error: 'tooBusy' })).toEqual({ state: 'unanswered' })
    expect(await stateWhen({ answer: 'none', why: 'no answer within 5 s' })).toEqual({ state: 'unanswered' })
  })
})
