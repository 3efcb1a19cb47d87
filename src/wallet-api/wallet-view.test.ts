import { describe, expect, it } from 'vitest'
import { anApplication } from '../../test/application-fixture.ts'
import { aPayload, anActor } from '../../test/payload-fixture.ts'
import { unusedWindow } from '../device/counter-window.ts'
import type { RegisteredDevice } from '../device/device.ts'
import { noRefreshHashes } from '../device/refresh.ts'
import type { JsonObject } from '../json.ts'
import type { TemplateKind } from '../ledger/template.ts'
import { walletDigest } from '../ledger/wallet-digest.ts'
import { detailsOf } from '../payload-wire/details.ts'
import { open } from '../payload/lifecycle.ts'
import type { Payload } from '../payload/payload.ts'
import { isRefusal } from '../refusals.ts'
import { walletView } from './wallet-view.ts'

const application = anApplication()

const ann: RegisteredDevice = {
  id: "ann's phone",
  userId: 'ann',
  activationId: 'activation',
  createdAt: 0,
  state: 'active',
  uniqueDeviceIdentifier: 'phone',
  platform: 'ios',
  pushToken: '',
  accessTokenHash: '',
  counter: unusedWindow,
  refreshHashes: noRefreshHashes,
}

const view = (payload: Payload, { now = 1_000, hasPage = false, reader = ann } = {}) =>
  walletView({ payload, now }, application, reader, hasPage)

const withTemplate = (kind: TemplateKind, transactionType: string, fields: JsonObject): Payload => {
  const { request } = aPayload()
  const json = { TransactionType: transactionType, ...fields }
  return aPayload({ request: { ...request, template: { kind, transactionType, family: 'xrpl', json } } })
}

const withReturnUrl = (app: string | null, web: string | null): Payload => {
  const { request } = aPayload()
  return aPayload({ request: { ...request, returnUrl: { app, web } } })
}

describe("a wallet's view", () => {
  it('is Details, with the instruction in meta and no custom_meta', () => {
    const customMeta = { identifier: 'order-1', blob: { a: 1 }, instruction: 'Pay the order' }
    const payload = aPayload({ customMeta })
    const shown = view(payload)
    const details = detailsOf(payload, application, 1_000)
    expect(shown).toEqual({
      meta: { ...details.meta, custom_instruction: 'Pay the order' },
      application: details.application,
      payload: { ...details.payload, hash: expect.any(String) },
      response: details.response,
    })
  })

  it('has the digest of the request for this very device', () => {
    const payload = withTemplate('transaction', 'Payment', { Sequence: 30 })
    expect(view(payload).payload.hash).toBe(walletDigest({ TransactionType: 'Payment', Sequence: 30 }, 'phone'))
    const tablet = { ...ann, uniqueDeviceIdentifier: 'tablet' }
    expect(view(payload, { reader: tablet }).payload.hash).not.toBe(view(payload).payload.hash)
  })

  it('shows a SignIn as the pseudo transaction that it is', () => {
    const { payload } = view(withTemplate('signIn', 'SignIn', { Memos: [] }))
    expect(payload).toMatchObject({ tx_type: 'SignIn' })
    expect(payload.request_json).toEqual({ SignIn: true, Memos: [] })
    expect(payload.hash).toBe(walletDigest({ SignIn: true, Memos: [] }, 'phone'))
  })

  it('shows a PaymentChannelAuthorize without its type', () => {
    const fields = { Channel: 'AB', Amount: '1' }
    const { payload } = view(withTemplate('paymentChannelAuthorize', 'PaymentChannelAuthorize', fields))
    expect(payload).toMatchObject({ tx_type: 'PaymentChannelAuthorize' })
    expect(payload.request_json).toEqual({ Channel: 'AB', Amount: '1' })
  })

  it('never says expired to a user who opened in time', () => {
    const opened = open(aPayload(), anActor('ann'), 1_000)
    if (isRefusal(opened)) throw new Error(opened.refused)
    expect(view(opened, { now: 90_000 }).meta.expired).toBe(false)
    expect(view(opened, { now: 90_000 }).payload.expires_in_seconds).toBe(-30)
    expect(view(opened, { now: 90_000, reader: { ...ann, userId: 'bob' } }).meta.expired).toBe(true)
  })

  it('has no return URL for the app while a page is open that goes to the same one', () => {
    const same = withReturnUrl('https://shop.test/{id}', 'https://shop.test/{id}')
    const returned = `https://shop.test/${same.id}`
    expect(view(same).meta).toMatchObject({ return_url_app: returned, return_url_web: returned })
    expect(view(same, { hasPage: true }).meta).toMatchObject({ return_url_app: null, return_url_web: returned })
    const apart = withReturnUrl('shop://done', 'https://shop.test/')
    expect(view(apart, { hasPage: true }).meta.return_url_app).toBe('shop://done')
  })
})
