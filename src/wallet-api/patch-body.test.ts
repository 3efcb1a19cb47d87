import { Check } from 'typebox/value'
import { describe, expect, it } from 'vitest'
import { PatchBody, readOrigin, readWalletAction, rejectReasonLimit, reportLimit } from './patch-body.ts'

const read = (body: unknown) => {
  if (!Check(PatchBody, body)) throw new Error('not of the form')
  return readWalletAction(body)
}
const dispatched = { to: 'wss://node.test', nodetype: 'TESTNET', result: 'tesSUCCESS' }
const report = { to: 'wss://node.test', nodeType: 'TESTNET', result: 'tesSUCCESS' }
const signed = {
  signed_blob: 'AB',
  tx_id: 'CD',
  signmethod: 'PIN',
  signpubkey: 'EF',
  multisigned: '',
  permission: { push: true, days: 365 },
  origintype: 'QR',
  environment: { nodeuri: 'wss://node.test', nodetype: 'TESTNET' },
}

describe('a patch body', () => {
  it('signs', () => {
    expect(read(signed)).toEqual({
      kind: 'sign',
      submission: {
        signedBlob: 'AB',
        txid: 'CD',
        signMethod: 'PIN',
        signerPublicKey: 'EF',
        multisigned: null,
        nodeUri: 'wss://node.test',
        nodeType: 'TESTNET',
      },
      grantPush: true,
      dispatched: null,
    })
  })

  it('signs with nothing but a blob', () => {
    expect(read({ signed_blob: 'AB' })).toMatchObject({
      submission: {
        txid: null,
        signMethod: null,
        signerPublicKey: null,
        multisigned: null,
        nodeUri: null,
        nodeType: null,
      },
      grantPush: false,
    })
  })

  it('may report what the ledger answered along with the signature', () => {
    expect(read({ ...signed, dispatched })).toMatchObject({ kind: 'sign', dispatched: report })
  })

  it('grants push only when it says so', () => {
    expect(read({ ...signed, permission: { push: false } })).toMatchObject({ grantPush: false })
    expect(read({ ...signed, permission: {} })).toMatchObject({ grantPush: false })
  })

  it('loses no signature to a method that we do not know', () => {
    expect(read({ ...signed, signmethod: 'IRIS' })).toMatchObject({ submission: { signMethod: 'OTHER' } })
    expect(read({ ...signed, signmethod: '' })).toMatchObject({ submission: { signMethod: null } })
  })

  it('rejects', () => {
    expect(read({ reject: true, reject_initiator: 'APP', reject_reason: 'no' })).toEqual({
      kind: 'reject',
      initiator: 'APP',
      reason: 'no',
    })
    expect(read({ reject: true })).toEqual({ kind: 'reject', initiator: null, reason: null })
    expect(read({ reject: true, reject_initiator: 'CAT' })).toMatchObject({ initiator: null })
  })

  it('is cut where it gives too long a reason for a rejection', () => {
    const action = read({ reject: true, reject_reason: '📱'.repeat(rejectReasonLimit + 1) })
    expect(action).toMatchObject({ reason: '📱'.repeat(rejectReasonLimit) })
  })

  it('reports what the ledger answered, as far as the wallet knows', () => {
    expect(read({ dispatched })).toEqual({ kind: 'dispatched', report })
    expect(read({ dispatched: { to: 'UNKNOWN NODE', nodetype: 'UNKNOWN NODE' } })).toEqual({
      kind: 'dispatched',
      report: { to: 'UNKNOWN NODE', nodeType: 'UNKNOWN NODE', result: null },
    })
  })

  it('says that signing began', () => {
    expect(read({ pre_signed: true })).toEqual({ kind: 'preSigned' })
    expect(read({ pre_signed: true, dispatched })).toMatchObject({ kind: 'dispatched' })
  })

  it.each([
    {},
    { permission: { push: true } },
    { signed_blob: '' },
    { signed_blob: '', reject: true },
    { signed_blob: 'AB', reject: true },
    { reject: false },
    { pre_signed: false },
    { dispatched: {} },
  ])('is no resolution when it is %j', (body) => {
    expect(read(body)).toMatchObject({ refused: 'notAResolution' })
  })

  it('has a hash and a multisigner that are text, or none', () => {
    expect(read({ ...signed, tx_id: 5 })).toEqual({ refused: 'transactionIdMissing' })
    expect(read({ ...signed, tx_id: '' })).toMatchObject({ submission: { txid: null } })
    expect(read({ ...signed, multisigned: ['rX'] })).toEqual({ refused: 'multisignedInvalid' })
    expect(read({ ...signed, multisigned: 'rX' })).toMatchObject({ submission: { multisigned: 'rX' } })
  })

  it.each([
    [],
    'signed',
    5,
    { signed_blob: 5 },
    { ...signed, signmethod: 5 },
    { ...signed, signpubkey: {} },
    { ...signed, permission: true },
    { ...signed, permission: { push: 'yes' } },
    { ...signed, environment: 'TESTNET' },
    { ...signed, environment: { nodeuri: 5 } },
    { ...signed, environment: { nodeuri: 'x'.repeat(reportLimit + 1) } },
    { ...signed, origintype: 5 },
    { reject: 'true' },
    { reject: 1 },
    { reject: true, reject_reason: 5 },
    { dispatched: 'tesSUCCESS' },
    { dispatched: { to: 5 } },
    { dispatched: { to: 'x'.repeat(reportLimit + 1) } },
    { pre_signed: 'true' },
  ])('has another form than %j', (body) => {
    expect(Check(PatchBody, body)).toBe(false)
  })

  it('may name any node of up to 200 characters', () => {
    expect(read({ dispatched: { to: 'ü'.repeat(reportLimit) } })).toMatchObject({ report: { to: 'ü'.repeat(200) } })
  })
})

describe('the origin', () => {
  it('is unknown unless it is one of those we know', () => {
    expect(readOrigin('DEEP_LINK')).toBe('DEEP_LINK')
    expect([undefined, null, '', 'qr', 'TELEPATHY', ['QR', 'QR'], 5].map(readOrigin)).toEqual(Array(7).fill('UNKNOWN'))
  })
})
