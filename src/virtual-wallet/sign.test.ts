import { decodeAccountID } from 'ripple-address-codec'
import { describe, expect, it } from 'vitest'
import { signedFixtures, type SignedFixture } from '../../test/fixtures/signed-fixtures.ts'
import type { JsonObject } from '../json.ts'
import { decodeTransaction } from '../ledger/decode.ts'
import { fillIn, type SigningContext } from './fill-in.ts'
import { keysOf, newKeys } from './keys.ts'
import { signRequest } from './sign.ts'
import { WalletError } from './wallet-error.ts'

/** The seeds of the fixtures. */
const wallets = [keysOf('sEdTM1uX8pu2do5XvTnutH6HsouMaM2'), keysOf('snoPBrXtMeMyMHUVTgbuqAfg1SUTb')]

const requestJsonOf = ({ request: { template } }: SignedFixture): JsonObject => {
  if (template.kind === 'transaction') return template.json
  const pseudo = Object.fromEntries(Object.entries(template.json).filter(([field]) => field !== 'TransactionType'))
  return template.kind === 'signIn' ? { SignIn: true, ...pseudo } : pseudo
}

describe('what the virtual wallet signs', () => {
  it.each(signedFixtures)("is to the last byte what the real wallet's library signs: $title", (fixture) => {
    const { request, submission, account } = fixture
    const keys = wallets.find(({ publicKey }) => publicKey === submission.signerPublicKey)!
    const { transactionType, family } = request.template
    const asked = { transactionType, requestJson: requestJsonOf(fixture), multisign: request.multisign, family }
    const networkId = family === 'xahau' ? 21338 : 1
    const context = { account: submission.multisigned ?? account, networkId, ...ledger }
    expect(signRequest(keys, asked, context)).toEqual({
      signedBlob: submission.signedBlob,
      txid: submission.txid,
      publicKey: submission.signerPublicKey,
      multisigned: submission.multisigned,
    })
  })

  it('is nothing where it cannot be encoded', () => {
    const requestJson = { TransactionType: 'Payment', Destination: 'nobody', Amount: '1' }
    const asked = { transactionType: 'Payment', requestJson, multisign: false, family: 'xrpl' } as const
    const context = { account: wallets[0]!.address, networkId: 0, ...ledger }
    expect(() => signRequest(wallets[0]!, asked, context)).toThrow(WalletError)
  })

  it('stands in the order of account ids among three signers, as the ledger wants it', () => {
    const signers = [3, 1, 2].map((seed) => newKeys('ed25519', Buffer.alloc(16, seed)))
    let requestJson: JsonObject = {
      TransactionType: 'AccountSet',
      Account: wallets[0]!.address,
      Fee: '48',
      Sequence: 1,
    }
    for (const keys of signers) {
      const asked = { transactionType: 'AccountSet', requestJson, multisign: true, family: 'xrpl' } as const
      const { signedBlob } = signRequest(keys, asked, { account: keys.address, networkId: 0, ...ledger })
      requestJson = decodeTransaction(signedBlob, 'xrpl')!.json
    }
    const ids = (requestJson['Signers'] as { Signer: { Account: string } }[]).map(({ Signer }) =>
      Buffer.from(decodeAccountID(Signer.Account)).toString('hex'),
    )
    expect(ids).toHaveLength(3)
    expect(ids).toEqual(ids.toSorted())
  })
})

const ledger = { fee: '12', sequence: 40, ledgerIndex: 90_000_000 }

describe('what the wallet fills in', () => {
  const context: SigningContext = { account: 'rPEPPER7kfTD9w2To4CQk6UCfuHM9c6GDY', networkId: 1, ...ledger }
  const filled = (template: JsonObject, changed: Partial<SigningContext> = {}) =>
    fillIn({ TransactionType: 'AccountSet', ...template }, 'ED00', { ...context, ...changed })

  it('is everything that the template leaves out', () => {
    expect(filled({})).toEqual({
      TransactionType: 'AccountSet',
      Account: context.account,
      Fee: '12',
      Sequence: 40,
      LastLedgerSequence: 90_000_020,
    })
  })

  it('leaves what the template says, but for the account', () => {
    const given = { Fee: '99', Sequence: 7, LastLedgerSequence: 91_000_000, NetworkID: 5 }
    expect(filled({ ...given, Account: 'rPdvC6ccq8hCdPKSPJkPmyZ4Mi1oG2FFkT' }, { networkId: 21337 })).toEqual({
      ...given,
      TransactionType: 'AccountSet',
      Account: context.account,
    })
  })

  it('leaves the account of an Import', () => {
    const Account = 'rPdvC6ccq8hCdPKSPJkPmyZ4Mi1oG2FFkT'
    expect(filled({ TransactionType: 'Import', Account })['Account']).toBe(Account)
    expect(filled({ TransactionType: 'Import' })['Account']).toBe(context.account)
  })

  it('makes a relative LastLedgerSequence absolute and raises one that has passed', () => {
    expect(filled({ LastLedgerSequence: 100 })['LastLedgerSequence']).toBe(90_000_100)
    expect(filled({ LastLedgerSequence: 89_000_000 })['LastLedgerSequence']).toBe(90_000_020)
    expect(filled({ LastLedgerSequence: 100 }, { ledgerIndex: null })['LastLedgerSequence']).toBe(100)
    expect(filled({}, { ledgerIndex: null })).not.toHaveProperty('LastLedgerSequence')
    expect(filled({ TransactionType: 'Batch' })).not.toHaveProperty('LastLedgerSequence')
  })

  it('names the network where transactions do, uses a ticket where one is given, and gives its key for a channel', () => {
    expect(filled({}, { networkId: 21338 })['NetworkID']).toBe(21338)
    expect(filled({ TicketSequence: 9 })['Sequence']).toBe(0)
    expect(filled({ TransactionType: 'PaymentChannelCreate' })['PublicKey']).toBe('ED00')
  })
})

describe('keys', () => {
  it('are those of the seed, for either algorithm', () => {
    expect(wallets.map(({ address }) => address)).toEqual([
      'rG31cLyErnqeVj2eomEjBZtq7PYaupGYzL',
      'rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh',
    ])
    expect(keysOf('snoPBrXtMeMyMHUVTgbuqAfg1SUTb', 'ed25519').publicKey).toMatch(/^ED/)
    expect(() => keysOf('hello')).toThrow(WalletError)
  })

  it('are new each time, and come back from their seed', () => {
    const made = newKeys('secp256k1')
    expect(keysOf(made.seed)).toEqual(made)
    expect(newKeys('secp256k1').seed).not.toBe(made.seed)
    expect(newKeys().publicKey).toMatch(/^ED/)
  })
})
