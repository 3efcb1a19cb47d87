import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { ledgerNodes, type LedgerNodes } from '../../src/ledger/ledger-nodes.ts'
import { startScriptedNode, type ScriptedNode } from '../ledger-node.ts'
import { startDeveloperServer, type DeveloperServer } from './developer-server.ts'
import { dotNet } from './sdk-models/dot-net.ts'
import { troubleWith } from './sdk-models/model.ts'
import { php } from './sdk-models/php.ts'
import { python } from './sdk-models/python.ts'

const txid = 'C0FFEE'.padEnd(64, '0')
const transaction = {
  TransactionType: 'Payment',
  Account: 'rFrom',
  hash: txid,
  meta: {
    AffectedNodes: [
      {
        ModifiedNode: {
          LedgerEntryType: 'AccountRoot',
          FinalFields: { Account: 'rFrom', Balance: '3999988' },
          PreviousFields: { Balance: '5000000' },
        },
      },
    ],
  },
  validated: true,
}
const onXahau = { ...transaction, NetworkID: 21337, hash: txid.replace('C', 'D') }

let main: ScriptedNode
let xahau: ScriptedNode
let nodes: LedgerNodes
let server: DeveloperServer

beforeAll(async () => {
  main = await startScriptedNode()
  xahau = await startScriptedNode()
  main.transactions.set(txid, transaction)
  xahau.transactions.set(onXahau.hash, onXahau)
  const urls = new Map([
    ['MAINNET', main.url.replace('//', '//user:secret@')],
    ['XAHAU', xahau.url],
  ])
  nodes = ledgerNodes(urls)
  server = await startDeveloperServer({ ledgerNodes: nodes })
})
beforeEach(() => {
  main.behaviour = 'answer'
})
afterAll(async () => {
  nodes.close()
  await Promise.all([server.close(), main.close(), xahau.close()])
})

const fetchTransaction = (id: string) => server.shop.call('GET', `xrpl-tx/${id}`)
const change = (currency: string) => ({
  counterparty: '',
  currency,
  value: '-1.000012',
  formatted: { value: '-1.000012', currency },
})

test('a transaction comes with what it moved and from which node, without the credentials for it, as every SDK reads it', async () => {
  const { status, body } = await fetchTransaction(txid.toLowerCase())
  expect(status).toBe(200)
  for (const { transaction: model } of [python, php, dotNet]) expect(troubleWith(model!, body)).toEqual([])
  expect(body).toEqual({ txid, balanceChanges: { rFrom: [change('XRP')] }, node: main.url, transaction })
})

test('every configured node is asked', async () => {
  const { body } = await fetchTransaction(onXahau.hash)
  expect(body).toMatchObject({ node: xahau.url, balanceChanges: { rFrom: [change('XAH')] } })
})

test('what no node knows is not found', async () => {
  expect(await fetchTransaction('AB'.repeat(32))).toMatchObject({ status: 404, body: { error: { code: 404 } } })
})

test('a node that cannot answer leaves it open, unless another knows', async () => {
  main.behaviour = 'busy'
  expect(await fetchTransaction(txid)).toMatchObject({ status: 503, body: { error: { code: 605 } } })
  expect((await fetchTransaction(onXahau.hash)).status).toBe(200)
})

test('what is no hash is asked of nobody', async () => {
  const asked = main.requests.length
  expect((await fetchTransaction('nonsense')).status).toBe(404)
  expect((await fetchTransaction(`${txid}0`)).status).toBe(404)
  expect(main.requests).toHaveLength(asked)
})
