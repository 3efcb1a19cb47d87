import { afterEach, describe, expect, it } from 'vitest'
import { authorityOf, jointAuthority } from '../../src/ledger/key-authority.ts'
import { NodeClient } from '../../src/ledger/node-client.ts'
import { addressOf, parsePublicKey } from '../../src/ledger/public-key.ts'
import { startScriptedNode, type Behaviour, type ScriptedAccount } from '../ledger-node.ts'

const publicKey = parsePublicKey('EDA57EBBCB502C2009EFE17229E8DC865DCCB192C52D7888D624DC9EBADDB815F0')!
const master = { publicKey, account: addressOf(publicKey) }
const other = { publicKey, account: 'rPEPPER7kfTD9w2To4CQk6UCfuHM9c6GDY' }

const started: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of started.splice(0).reverse()) await one.close()
})

const nodeWith = async (accounts: Record<string, ScriptedAccount>, behaviour: Behaviour = 'answer') => {
  const node = await startScriptedNode({ accounts })
  node.behaviour = behaviour
  const client = new NodeClient(node.url, { timeLimit: behaviour === 'hold' ? 50 : 5_000 })
  started.push(node, client)
  return { node, client }
}

describe('without a ledger node', () => {
  it('the master key may speak', async () => {
    expect(await authorityOf(master, null, false)).toEqual({ authority: 'confirmed' })
  })

  it('any other key is refused, unless the operator allows unconfirmed ones', async () => {
    expect(await authorityOf(other, null, false)).toMatchObject({ authority: 'refused' })
    expect(await authorityOf(other, null, true)).toEqual({ authority: 'confirmed' })
  })
})

describe('with a ledger node', () => {
  it('the regular key may speak', async () => {
    const { node, client } = await nodeWith({ [other.account]: { regularKey: master.account } })
    expect(await authorityOf(other, client, false)).toEqual({ authority: 'confirmed' })
    expect(node.requests).toMatchObject([
      { command: 'account_info', account: other.account, ledger_index: 'validated' },
    ])
  })

  it('a key that is not the regular key is refused, whether the account has another, none or does not exist', async () => {
    for (const accounts of [{ [other.account]: { regularKey: other.account } }, { [other.account]: {} }, {}]) {
      const { client } = await nodeWith(accounts)
      expect(await authorityOf(other, client, false)).toEqual({
        authority: 'refused',
        why: `The key that signed is not one of ${other.account}.`,
      })
    }
  })

  it('the master key may speak, also for an account that does not exist yet', async () => {
    for (const accounts of [{ [master.account]: {} }, {}]) {
      const { client } = await nodeWith(accounts)
      expect(await authorityOf(master, client, false)).toEqual({ authority: 'confirmed' })
    }
  })

  it('a disabled master key is refused, whatever the operator allows', async () => {
    const { client } = await nodeWith({ [master.account]: { masterDisabled: true, regularKey: other.account } })
    for (const allowUnconfirmed of [false, true]) {
      expect(await authorityOf(master, client, allowUnconfirmed)).toEqual({
        authority: 'refused',
        why: `The master key of ${master.account} is disabled.`,
      })
    }
  })

  it.each(['hold', 'drop', 'busy'] as const)(
    'nothing is decided while the node does not say (%s)',
    async (behaviour) => {
      const { client } = await nodeWith({ [other.account]: { regularKey: master.account } }, behaviour)
      expect(await authorityOf(other, client, false)).toEqual({ authority: 'unanswered', account: other.account })
      expect(await authorityOf(master, client, false)).toEqual({ authority: 'unanswered', account: master.account })
    },
  )
})

describe('in a multisignature', () => {
  it('every key must be one of its account', async () => {
    const { client } = await nodeWith({ [other.account]: { regularKey: master.account } })
    expect(await jointAuthority([master, other], client, false)).toEqual({ authority: 'confirmed' })
    const stranger = { publicKey, account: 'rPdvC6ccq8hCdPKSPJkPmyZ4Mi1oG2FFkT' }
    expect(await jointAuthority([master, stranger, other], client, false)).toMatchObject({ authority: 'refused' })
  })

  it('a refused key decides before one that is unanswered', async () => {
    expect(await jointAuthority([master, other], null, false)).toMatchObject({ authority: 'refused' })
    const { client } = await nodeWith({}, 'busy')
    expect(await jointAuthority([master, other], client, false)).toEqual({
      authority: 'unanswered',
      account: master.account,
    })
  })
})
