import { describe, expect, it } from 'vitest'
import { aPayload } from '../../test/payload-fixture.ts'
import type { JsonObject } from '../json.ts'
import type { SignRequest } from '../payload/payload.ts'
import { requestFields } from './request-fields.ts'
import { english } from './words.ts'

const address = 'rPEPPER7kfTD9w2To4CQk6UCfuHM9c6GDY'
const hex = (text: string): string => Buffer.from(text).toString('hex').toUpperCase()

const shown = (json: JsonObject, changes: Partial<SignRequest> = {}): Record<string, string> => {
  const { request } = aPayload()
  const asked = { ...request, template: { ...request.template, json }, ...changes }
  return Object.fromEntries(requestFields(asked, english).map(({ label, value }) => [label, value]))
}

describe('requestFields', () => {
  it('begins with what matters most and leaves out the type, which is the title', () => {
    const payment = { TransactionType: 'Payment', Flags: 131072, Destination: address, Amount: '1500000' }
    expect(Object.entries(shown(payment))).toEqual([
      ['Amount', '1.5 XRP'],
      ['To', address],
      ['Flags', '131072'],
    ])
  })

  it('names the issuer of a token', () => {
    const amount = { currency: 'USD', value: '7', issuer: address }
    expect(shown({ TakerPays: amount })).toEqual({ 'You get': `7 USD, issued by ${address}` })
  })

  it('reads memos, times and texts', () => {
    const json = {
      Memos: [{ Memo: { MemoType: hex('order'), MemoData: hex('Nº 1042') } }],
      Expiration: 757_382_400,
      URI: hex('ipfs://bafy'),
    }
    expect(shown(json)).toEqual({ Memo: 'order: Nº 1042', 'Valid until': '2024-01-01 00:00 UTC', URI: 'ipfs://bafy' })
  })

  it('names the network that is asked for and counts in its asset', () => {
    expect(shown({ Amount: '1' }, { forceNetwork: 'XAHAU' })).toEqual({ Amount: '0.000001 XAH', Network: 'Xahau' })
  })

  it('names each of the allowed signers', () => {
    const { request } = aPayload()
    const fields = requestFields({ ...request, signers: [address, 'rOther'] }, english)
    expect(fields).toEqual([
      { label: 'Who may sign', value: address, verbatim: true },
      { label: 'Who may sign', value: 'rOther', verbatim: true },
    ])
  })

  it('shows what it has no words for as it is', () => {
    expect(shown({ Unheard: { of: [1, null] }, 'x<y': true, Amount: {} })).toEqual({
      Amount: '{}',
      Unheard: '{"of":[1,null]}',
      'x<y': 'true',
    })
  })
})
