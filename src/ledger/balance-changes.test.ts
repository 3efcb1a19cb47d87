import { expect, test } from 'vitest'
import type { Json } from '../json.ts'
import { balanceChanges } from './balance-changes.ts'

const changes = (...nodes: Json[]) => balanceChanges({ AffectedNodes: nodes })

test('a payment takes from one account and gives to another, fee included', () => {
  const account = (name: string, before: string, after: string) => ({
    ModifiedNode: {
      LedgerEntryType: 'AccountRoot',
      FinalFields: { Account: name, Balance: after },
      PreviousFields: { Balance: before },
    },
  })
  expect(changes(account('rFrom', '5000000', '3999988'), account('rTo', '0', '1000000'))).toEqual([
    { account: 'rFrom', counterparty: null, currency: null, value: '-1.000012' },
    { account: 'rTo', counterparty: null, currency: null, value: '1' },
  ])
})

test('a new account has all that it was given', () => {
  const created = { LedgerEntryType: 'AccountRoot', NewFields: { Account: 'rNew', Balance: '10000000' } }
  expect(changes({ CreatedNode: created })).toEqual([
    { account: 'rNew', counterparty: null, currency: null, value: '10' },
  ])
})

test('a deleted account loses all that it had', () => {
  const deleted = {
    LedgerEntryType: 'AccountRoot',
    FinalFields: { Account: 'rOld', Balance: '0' },
    PreviousFields: { Balance: '7500000' },
  }
  expect(changes({ DeletedNode: deleted })).toEqual([
    { account: 'rOld', counterparty: null, currency: null, value: '-7.5' },
  ])
})

test('a trust line changes for both of its sides', () => {
  const line = {
    LedgerEntryType: 'RippleState',
    FinalFields: {
      Balance: { currency: 'USD', issuer: 'rrrrrrrrrrrrrrrrrrrrBZbvji', value: '-12.3' },
      LowLimit: { currency: 'USD', issuer: 'rLow', value: '0' },
      HighLimit: { currency: 'USD', issuer: 'rHigh', value: '100' },
    },
    PreviousFields: { Balance: { currency: 'USD', issuer: 'rrrrrrrrrrrrrrrrrrrrBZbvji', value: '-12' } },
  }
  expect(changes({ ModifiedNode: line })).toEqual([
    { account: 'rLow', counterparty: 'rHigh', currency: 'USD', value: '-0.3' },
    { account: 'rHigh', counterparty: 'rLow', currency: 'USD', value: '0.3' },
  ])
})

test('what moved no balance says nothing', () => {
  const account = { LedgerEntryType: 'AccountRoot', FinalFields: { Account: 'rA', Balance: '1' } }
  expect(
    changes(
      { ModifiedNode: account },
      { ModifiedNode: { ...account, PreviousFields: { Sequence: 1 } } },
      { ModifiedNode: { ...account, PreviousFields: { Balance: '1' } } },
      { ModifiedNode: { ...account, PreviousFields: { Balance: 'x' } } },
      { ModifiedNode: { ...account, LedgerEntryType: 'Offer', PreviousFields: { Balance: '2' } } },
      { CreatedNode: { LedgerEntryType: 'RippleState', NewFields: {} } },
      {},
      null,
    ),
  ).toEqual([])
  expect(balanceChanges({})).toEqual([])
})
