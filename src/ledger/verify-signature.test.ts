import {
  encode,
  encodeForMultisigning,
  encodeForMultisigningCounterparty,
  encodeForSigning,
  encodeForSigningBatch,
  encodeForSigningCounterparty,
  encodeForSigningSponsor,
} from 'ripple-binary-codec'
import { deriveAddress, deriveKeypair, generateSeed, sign } from 'ripple-keypairs'
import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../json.ts'
import { decodeTransaction } from './decode.ts'
import type { MatchingTransaction } from './match-template.ts'
import type { Template } from './template.ts'
import { verifySignatures } from './verify-signature.ts'

const keysOf = (seed: number, algorithm: 'ed25519' | 'ecdsa-secp256k1' = 'ed25519') => {
  const keys = deriveKeypair(generateSeed({ entropy: Buffer.alloc(16, seed), algorithm }))
  return { ...keys, address: deriveAddress(keys.publicKey) }
}
const [sender, second, third] = [keysOf(1), keysOf(2, 'ecdsa-secp256k1'), keysOf(3)]
type Keys = typeof sender

const payment: JsonObject = {
  TransactionType: 'Payment',
  Account: sender.address,
  Destination: third.address,
  Amount: '1',
  Fee: '12',
  Sequence: 1,
}

const signedBy = (keys: Keys, transaction: JsonObject): JsonObject => {
  const prepared = { ...transaction, SigningPubKey: keys.publicKey }
  return { ...prepared, TxnSignature: sign(encodeForSigning(prepared), keys.privateKey) }
}
const signatureOf = (keys: Keys, message: string): JsonObject => ({
  SigningPubKey: keys.publicKey,
  TxnSignature: sign(message, keys.privateKey),
})
const signerOf = (keys: Keys, message: string): JsonObject => ({
  Signer: { Account: keys.address, ...signatureOf(keys, message) },
})

const verifying = (json: JsonObject, multisigner: string | null = null, template: JsonObject = {}) => {
  // whether it is what was asked for is a question of its own
  const transaction = decodeTransaction(encode(json), 'xrpl') as MatchingTransaction
  return verifySignatures(transaction, multisigner, { json: template } as Template)
}
const refusedAs = (reason: string) => expect.objectContaining({ refused: reason }) as unknown

describe('the account a signature speaks for', () => {
  it('is the one of the transaction, whoever’s key it is', () => {
    const expected = { account: sender.address, own: { account: sender.address, publicKey: second.publicKey } }
    expect(verifying(signedBy(second, payment))).toMatchObject(expected)
  })

  it('is the delegate where there is one: the ledger wants the keys of that account', () => {
    const held = verifying(signedBy(second, { ...payment, Delegate: second.address }))
    expect(held).toMatchObject({ account: second.address, own: { account: second.address } })
  })
})

describe('a blob', () => {
  it('is refused with both one signature and a list of signers, with neither, and without an account', () => {
    const single = signedBy(sender, payment)
    const Signers = [signerOf(second, encodeForMultisigning({ ...payment, SigningPubKey: '' }, second.address))]
    expect(verifying({ ...single, Signers })).toEqual(refusedAs('signatureInvalid'))
    expect(verifying({ ...single, Signers, SigningPubKey: '' }, second.address)).toEqual(refusedAs('signatureInvalid'))
    expect(verifying({ ...payment, SigningPubKey: sender.publicKey })).toEqual(refusedAs('signatureInvalid'))
    expect(verifying({ ...payment, SigningPubKey: '', Signers: [] })).toEqual(refusedAs('signatureInvalid'))
    expect(verifying(payment)).toEqual(refusedAs('signatureInvalid'))
    expect(verifying(signedBy(sender, { Memos: [] }))).toEqual(refusedAs('signatureInvalid'))
  })
})

describe('a multisignature', () => {
  const prepared: JsonObject = { ...payment, SigningPubKey: '' }
  const by = (keys: Keys) => signerOf(keys, encodeForMultisigning(prepared, keys.address))

  it('holds with every signer’s signature over its own account, in whatever order', () => {
    for (const Signers of [
      [by(second), by(third)],
      [by(third), by(second)],
    ]) {
      const held = verifying({ ...prepared, Signers }, third.address)
      expect(held).toMatchObject({ multisigned: true, own: { account: third.address }, account: sender.address })
      expect('keys' in held && held.keys.map((key) => key.account).sort()).toEqual(
        [second.address, third.address].sort(),
      )
    }
  })

  it('is refused with a signature made for another signer, with a signer twice, and with too many', () => {
    const stolen = { Signer: { ...(by(second)['Signer'] as JsonObject), Account: third.address } }
    expect(verifying({ ...prepared, Signers: [stolen] }, third.address)).toEqual(refusedAs('signatureInvalid'))
    expect(verifying({ ...prepared, Signers: [by(third), by(third)] }, third.address)).toEqual(
      refusedAs('signatureInvalid'),
    )
    const many = Array.from({ length: 33 }, (_, seed) => by(keysOf(seed + 10)))
    expect(verifying({ ...prepared, Signers: many }, keysOf(10).address)).toEqual(refusedAs('signatureInvalid'))
    expect(verifying({ ...prepared, Signers: many.slice(1) }, keysOf(11).address)).toMatchObject({ multisigned: true })
  })

  it('is refused when its only new signature is missing', () => {
    const template = { Signers: [by(second)] }
    expect(verifying({ ...prepared, Signers: [by(second)] }, second.address, template)).toEqual(
      refusedAs('multisignedInvalid'),
    )
    expect(verifying({ ...prepared, Signers: [by(second), by(third)] }, third.address, template)).toMatchObject({
      multisigned: true,
    })
  })
})

describe('the signatures of others in a transaction', () => {
  const withSender: JsonObject = {
    TransactionType: 'LoanSet',
    Account: sender.address,
    LoanBrokerID: 'AB'.repeat(32),
    Fee: '24',
    Sequence: 1,
    SigningPubKey: sender.publicKey,
  }
  const whole = (extra: JsonObject) => signedBy(sender, { ...withSender, ...extra })

  it.each([
    ['with its own prefix', encodeForSigningCounterparty(withSender)],
    ['with the prefix it had before', encodeForSigning(withSender)],
  ])('a counterparty’s is verified %s', (_, message) => {
    const CounterpartySignature = signatureOf(second, message)
    expect(verifying(whole({ CounterpartySignature }))).toMatchObject({ account: sender.address })
    const forged = { ...CounterpartySignature, SigningPubKey: third.publicKey }
    expect(verifying(whole({ CounterpartySignature: forged }))).toEqual(refusedAs('signatureInvalid'))
  })

  it('a counterparty’s may be a multisignature', () => {
    const message = encodeForMultisigningCounterparty(withSender, third.address)
    const CounterpartySignature = { SigningPubKey: '', Signers: [signerOf(third, message)] }
    expect(verifying(whole({ CounterpartySignature }))).toMatchObject({ account: sender.address })
    expect(verifying(whole({ CounterpartySignature: { Signers: [signerOf(second, message)] } }))).toEqual(
      refusedAs('signatureInvalid'),
    )
  })

  it('a sponsor’s is verified', () => {
    const SponsorSignature = signatureOf(second, encodeForSigningSponsor(withSender))
    expect(verifying(whole({ SponsorSignature }))).toMatchObject({ account: sender.address })
    expect(verifying(whole({ SponsorSignature, LoanBrokerID: 'CD'.repeat(32) }))).toEqual(refusedAs('signatureInvalid'))
    expect(verifying(whole({ SponsorSignature: {} }))).toEqual(refusedAs('signatureInvalid'))
  })
})

describe('the signatures in a batch', () => {
  const inner: JsonObject = { ...payment, Account: second.address, Fee: '0', Flags: 0x4000_0000, SigningPubKey: '' }
  const txIDs = [decodeTransaction(encode(inner), 'xrpl')!.hash]
  const batch: JsonObject = {
    TransactionType: 'Batch',
    Account: sender.address,
    Flags: 0x0001_0000,
    Fee: '40',
    Sequence: 5,
    RawTransactions: [{ RawTransaction: inner }],
  }
  const common = { account: sender.address, sequence: 5, flags: 0x0001_0000, txIDs, batchAccount: second.address }
  const first = `424348000001000000000001${txIDs[0]!}`
  const whole = (signature: JsonObject) =>
    signedBy(sender, { ...batch, BatchSigners: [{ BatchSigner: { Account: second.address, ...signature } }] })

  it('are verified as BatchV1_1 and as Batch have them', () => {
    for (const message of [encodeForSigningBatch(common), first]) {
      expect(verifying(whole(signatureOf(second, message)))).toMatchObject({ account: sender.address })
    }
    const message = encodeForSigningBatch({ ...common, signerAccount: third.address })
    expect(verifying(whole({ SigningPubKey: '', Signers: [signerOf(third, message)] }))).toMatchObject({
      account: sender.address,
    })
  })

  it('are refused when there are too many', () => {
    const { SigningPubKey, TxnSignature } = signatureOf(second, encodeForSigningBatch(common))
    const entry = {
      BatchSigner: { Account: second.address, SigningPubKey: SigningPubKey!, TxnSignature: TxnSignature! },
    }
    const withSigners = (count: number) =>
      signedBy(sender, { ...batch, BatchSigners: Array(count).fill(entry) as Json[] })
    expect(verifying(withSigners(32))).toMatchObject({ account: sender.address })
    expect(verifying(withSigners(33))).toEqual(refusedAs('signatureInvalid'))
  })

  it('are refused over anything else', () => {
    for (const changed of [{ sequence: 6 }, { flags: 0 }, { txIDs: [] }, { batchAccount: third.address }]) {
      const message = encodeForSigningBatch({ ...common, ...changed })
      expect(verifying(whole(signatureOf(second, message)))).toEqual(refusedAs('signatureInvalid'))
    }
    expect(verifying(whole({ SigningPubKey: second.publicKey }))).toEqual(refusedAs('signatureInvalid'))
  })
})
