import { createHmac } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { describe, expect, it } from 'vitest'
import { apiSecret, compatibleSignature, standardSecret, standardSignature } from './signatures.ts'

const secret = '7f1f4a9e-3c52-4b8e-9d0a-5e6f7a8b9c0d'
const body = '{"a":"é"}'

describe('the compatible signature', () => {
  it('is keyed by the secret with its first dash removed, the others in place', () => {
    const key = '7f1f4a9e3c52-4b8e-9d0a-5e6f7a8b9c0d'
    const expected = createHmac('sha1', key).update('1700000000{"a":"é"}', 'utf8').digest('hex')
    expect(compatibleSignature(secret, '1700000000', body)).toBe(expected)
  })

  it('is the same for a body in bytes', () => {
    expect(compatibleSignature(secret, '1', Buffer.from(body))).toBe(compatibleSignature(secret, '1', body))
  })
})

describe('the Standard Webhooks signature', () => {
  it('is what the library of that name computes', () => {
    const library = new Webhook(standardSecret(secret))
    expect(standardSignature(secret, 'msg_1', '1700000000', body)).toBe(
      library.sign('msg_1', new Date(1_700_000_000_000), body),
    )
  })

  it('has a secret that is read back', () => {
    expect(standardSecret(secret)).toBe('whsec_N2YxZjRhOWUtM2M1Mi00YjhlLTlkMGEtNWU2ZjdhOGI5YzBk')
    expect(apiSecret(standardSecret(secret))).toBe(secret)
    expect(apiSecret(secret)).toBe(secret)
  })
})
