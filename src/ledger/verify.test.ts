import { encode } from 'ripple-binary-codec'
import { describe, expect, it } from 'vitest'
import { fixtureNamed, signedFixtures, type SignedFixture } from '../../test/fixtures/signed-fixtures.ts'
import { tamperings } from '../../test/fixtures/tamper.ts'
import type { JsonObject } from '../json.ts'
import { describeRefusal, type RefusalReason } from '../refusals.ts'
import { decodeTransaction, sha512Half } from './decode.ts'
import { definitionsOf } from './definitions.ts'
import type { LedgerNode, NodeAnswer } from './ledger-node.ts'
import { createVerifier, type VerificationRequest, type Verdict } from './verify.ts'
import type { Submission } from './submission.ts'

const verifier = createVerifier({ ledgerNodes: null, allowUnconfirmedKeys: false })
const verify = (
  { request, submission }: SignedFixture,
  changed: { request?: Partial<VerificationRequest>; submission?: Partial<Submission> } = {},
): Promise<Verdict> => verifier.verify({ ...request, ...changed.request }, { ...submission, ...changed.submission })

const transactionIdOf = (hex: string): string =>
  sha512Half(Buffer.from('54584E00', 'hex'), Buffer.from(hex, 'hex')).toString('hex').toUpperCase()

const reasonOf = (verdict: Verdict): RefusalReason | null =>
  verdict.verdict === 'refused' ? verdict.refusal.refused : null

const transactions = signedFixtures.filter(({ request }) => request.template.kind !== 'paymentChannelAuthorize')
const claims = signedFixtures.filter(({ request }) => request.template.kind === 'paymentChannelAuthorize')

describe("what the wallet's own library signed", () => {
  it.each(signedFixtures)('is verified: $title', async (fixture) => {
    const { submission, account } = fixture
    const { signedBlob: hex, txid, signerPublicKey, multisigned: multisignAccount } = submission
    const signer = multisignAccount ?? account
    expect(await verify(fixture)).toEqual({
      verdict: 'verified',
      signature: { hex, txid, account, signer, signerPublicKey, multisignAccount },
    })
  })

  it('is verified in lower case, and kept in upper case', async () => {
    const fixture = fixtureNamed('xrpl Payment, secp256k1')
    const { signedBlob, txid } = fixture.submission
    const lower = { signedBlob: signedBlob.toLowerCase(), txid: txid!.toLowerCase() }
    expect(await verify(fixture, { submission: lower })).toEqual(await verify(fixture))
  })

  it('covers at least twelve types of transactions, both ledgers and both kinds of keys', () => {
    expect(new Set(transactions.map(({ request }) => request.template.transactionType)).size).toBeGreaterThan(12)
  })
})

describe('what was tampered with after it was signed', () => {
  it.each(transactions)('is refused, field by field: $title', async (fixture) => {
    const { family } = fixture.request.template
    const { json } = decodeTransaction(fixture.submission.signedBlob, family)!
    let tried = 0
    for (const { what, json: tampered } of tamperings(json)) {
      const signedBlob = encodeOrNull(tampered, fixture)
      if (signedBlob === null) continue
      tried += 1
      const verdict = await verify(fixture, { submission: { signedBlob, txid: transactionIdOf(signedBlob) } })
      expect(verdict.verdict, what).toBe('refused')
      if (verdict.verdict === 'refused') expect([405, 804], what).toContain(describeRefusal(verdict.refusal).code)
    }
    // what cannot be encoded could not be sent either, but most can
    expect(tried).toBeGreaterThan(Object.keys(json).length)
  })

  it.each([
    'xrpl Payment, ed25519',
    'xahau Invoke, secp256k1',
    'xrpl Payment, multisign, begun',
    'xrpl SignIn, ed25519',
  ])('is refused, byte by byte: %s', async (title) => {
    const fixture = fixtureNamed(title)
    const original = Buffer.from(fixture.submission.signedBlob, 'hex')
    for (let at = 0; at < original.length; at += 1) {
      const bytes = Buffer.from(original)
      bytes[at]! ^= 1 << (at & 7)
      const signedBlob = bytes.toString('hex').toUpperCase()
      const verdict = await verify(fixture, { submission: { signedBlob, txid: transactionIdOf(signedBlob) } })
      expect(verdict.verdict, `byte ${at}`).toBe('refused')
    }
  })

  it.each(claims)('is refused, as a claim, too: $title', async (fixture) => {
    const { template } = fixture.request
    for (const { what, json } of tamperings(template.json).filter(({ what }) => what.endsWith('changed'))) {
      if (what.startsWith('TransactionType')) continue
      expect(reasonOf(await verify(fixture, { request: { template: { ...template, json } } })), what).toBe(
        'signatureInvalid',
      )
    }
    const signedBlob = fixture.submission.signedBlob.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'))
    expect(reasonOf(await verify(fixture, { submission: { signedBlob } }))).toBe('signatureInvalid')
    for (const signerPublicKey of [null, '', 'EDAA', fixtureNamed('xrpl Payment, ed25519').submission.signedBlob]) {
      expect(reasonOf(await verify(fixture, { submission: { signerPublicKey } }))).toBe('signatureInvalid')
    }
    const other = claims.find((one) => one !== fixture)!.submission.signerPublicKey
    expect(reasonOf(await verify(fixture, { submission: { signerPublicKey: other } }))).toBe('signatureInvalid')
  })
})

describe('the first check', () => {
  const fixture = fixtureNamed('xrpl Payment, ed25519')
  const { txid } = fixture.submission
  const claim = claims[0]!

  it.each<[string, SignedFixture, Partial<Submission>, RefusalReason]>([
    ['no blob', fixture, { signedBlob: '' }, 'notAResolution'],
    ['no claim', claim, { signedBlob: '' }, 'notAResolution'],
    ['a blob that is no hex', fixture, { signedBlob: 'hello' }, 'blobUndecodable'],
    ['a claim that is no hex', claim, { signedBlob: 'hello' }, 'blobUndecodable'],
    ['half a blob', fixture, { signedBlob: fixture.submission.signedBlob.slice(0, 100) }, 'blobUndecodable'],
    ['no tx_id', fixture, { txid: null }, 'transactionIdMissing'],
    ['an empty tx_id', fixture, { txid: '' }, 'transactionIdMissing'],
    ['a tx_id that is no hash', fixture, { txid: txid!.slice(1) }, 'transactionIdMissing'],
    ['the tx_id of something else', fixture, { txid: txid!.replace(/^./, 'F') }, 'transactionIdMismatch'],
    ['a tx_id with a claim', claim, { txid }, 'transactionIdMismatch'],
  ])('refuses %s', async (_, one, submission, reason) => {
    expect(reasonOf(await verify(one, { submission }))).toBe(reason)
  })

  it('takes an empty tx_id of a claim for none', async () => {
    expect(await verify(claim, { submission: { txid: '' } })).toEqual(await verify(claim))
  })

  it('keeps what decodes, and nothing else', async () => {
    const kept = async (one: SignedFixture, submission: Partial<Submission>) => {
      const verdict = await verify(one, { submission })
      return verdict.verdict === 'refused' ? verdict.kept : undefined
    }
    expect(await kept(fixture, { txid: null })).toEqual({ txid, account: fixture.account })
    expect(await kept(fixture, { signedBlob: 'AB' })).toBeNull()
    expect(await kept(claim, { signerPublicKey: null })).toBeNull()
  })
})

describe('a multisignature', () => {
  const one = fixtureNamed('xrpl Payment, multisign')
  const begun = fixtureNamed('xrpl Payment, multisign, begun')

  it.each([null, '', 'nobody', 'rPdvC6ccq8hCdPKSPJkPmyZ4Mi1oG2FFkT'])(
    'must be that of a signer, not of %j',
    async (who) => {
      expect(reasonOf(await verify(one, { submission: { multisigned: who } }))).toBe('multisignedInvalid')
    },
  )

  it('must be new: the one that came with the request is not this wallet’s', async () => {
    const earlier = one.submission.multisigned
    expect(reasonOf(await verify(begun, { submission: { multisigned: earlier } }))).toBe('multisignedInvalid')
    const { signedBlob, txid } = one.submission
    const unchanged = { request: { template: begun.request.template }, submission: { signedBlob, txid } }
    expect(reasonOf(await verify(one, unchanged))).toBe('multisignedInvalid')
  })

  it('is refused with a bad signature of another signer', async () => {
    const { json } = decodeTransaction(begun.submission.signedBlob, 'xrpl')!
    const [first, second] = json['Signers'] as { Signer: JsonObject }[]
    const forged = { Signer: { ...first!.Signer, TxnSignature: second!.Signer['TxnSignature']! } }
    const signedBlob = encode({ ...json, Signers: [forged, second!] })
    const submission = { signedBlob, txid: transactionIdOf(signedBlob) }
    const template = { ...begun.request.template, json: one.request.template.json }
    expect(reasonOf(await verify(begun, { request: { template }, submission }))).toBe('signatureInvalid')
  })

  it('is no answer to a request for one signature, nor one signature to a request for several', async () => {
    expect(reasonOf(await verify(one, { request: { multisign: false } }))).toBe('signatureInvalid')
    const single = fixtureNamed('xrpl Payment, ed25519')
    const multisigned = single.account
    const template = { ...single.request.template, json: { ...single.request.template.json, Account: multisigned } }
    const asked = { request: { multisign: true, template }, submission: { multisigned } }
    expect(reasonOf(await verify(single, asked))).toBe('multisignedInvalid')
  })
})

describe('the fifth check', () => {
  const fixture = fixtureNamed('xahau Payment, ed25519')
  const multisigned = fixtureNamed('xrpl Payment, multisign')

  it('wants one of the signers that were asked for, in a multisignature the signer', async () => {
    expect(reasonOf(await verify(fixture, { request: { signers: [multisigned.account, fixture.account] } }))).toBeNull()
    expect(reasonOf(await verify(fixture, { request: { signers: [multisigned.account] } }))).toBe('signerNotAllowed')
    const signer = multisigned.submission.multisigned!
    expect(reasonOf(await verify(multisigned, { request: { signers: [signer] } }))).toBeNull()
    expect(reasonOf(await verify(multisigned, { request: { signers: [multisigned.account] } }))).toBe(
      'signerNotAllowed',
    )
  })

  it('wants the network that was asked for, in what the wallet says and in the NetworkID', async () => {
    const on = (forceNetwork: string | null, nodeType: string | null) =>
      verify(fixture, { request: { forceNetwork }, submission: { nodeType } }).then(reasonOf)
    expect(await on('XAHAUTESTNET', 'XAHAUTESTNET')).toBeNull()
    expect(await on('XAHAUTESTNET', 'XAHAU')).toBe('networkMismatch')
    expect(await on('XAHAUTESTNET', null)).toBe('networkMismatch')
    expect(await on('XAHAU', 'XAHAU')).toBe('networkMismatch')
    expect(await on(null, 'TESTNET')).toBeNull()
  })
})

describe('the third check', () => {
  const fixture = fixtureNamed('xrpl SignIn, ed25519')

  const ledger = (answer: NodeAnswer) => {
    const asked: (string | null)[] = []
    const node: LedgerNode = { url: 'wss://node.test', request: () => Promise.resolve(answer) }
    return { asked, nodeFor: (network: string | null) => (asked.push(network), node) }
  }
  const accountRoot = (fields: JsonObject): NodeAnswer => ({
    answer: 'result',
    result: { account_data: { Account: fixture.account, Flags: 0, ...fields } },
  })
  const verifyWith = (nodes: ReturnType<typeof ledger>, request = {}, submission = {}) =>
    createVerifier({ ledgerNodes: nodes, allowUnconfirmedKeys: false }).verify(
      { ...fixture.request, ...request },
      { ...fixture.submission, ...submission },
    )

  it('asks the node of the forced network, else of the one that the wallet was on', async () => {
    const nodes = ledger(accountRoot({}))
    await verifyWith(nodes, { forceNetwork: 'TESTNET' }, { nodeType: 'TESTNET' })
    await verifyWith(nodes, {}, { nodeType: 'DEVNET' })
    await verifyWith(nodes)
    expect(nodes.asked).toEqual(['TESTNET', 'DEVNET', null])
  })

  it('asks nobody about a signature that is refused anyway', async () => {
    const nodes = ledger(accountRoot({}))
    await verifyWith(nodes, { signers: [] })
    expect(nodes.asked).toEqual([])
  })

  it('refuses a disabled master key and keeps the blob', async () => {
    expect(await verifyWith(ledger(accountRoot({ Flags: 0x0010_0000 })))).toMatchObject({
      verdict: 'refused',
      refusal: { refused: 'keyNotAuthorized' },
      kept: { txid: fixture.submission.txid, account: fixture.account },
    })
  })

  it('leaves it open while the node does not say', async () => {
    const { account } = fixture
    for (const answer of [{ answer: 'none', why: 'late' } as const, { answer: 'error', error: 'noNetwork' } as const]) {
      expect(await verifyWith(ledger(answer))).toEqual({ verdict: 'unanswered', account })
    }
  })
})

const encodeOrNull = (json: JsonObject, { request }: SignedFixture): string | null => {
  try {
    return encode(json, definitionsOf(request.template.family))
  } catch {
    return null
  }
}
