import { describe, expect, test } from 'vitest'
import { anApplication } from '../../test/application-fixture.ts'
import { aContext, anActor, aPayload, aSignature, signingDetails } from '../../test/payload-fixture.ts'
import type { JsonObject } from '../json.ts'
import { cancel, open, recordDispatch, reject, sign } from '../payload/lifecycle.ts'
import type { Payload } from '../payload/payload.ts'
import { detailsOf } from './details.ts'

const application = anApplication()
const ann = anActor('ann')
const late = 90_500

const worked = (next: ReturnType<typeof open>): Payload => {
  if ('refused' in next) throw new Error(next.refused)
  return next
}
const opened = worked(open(aPayload(), ann, 1_000))
const signedAt = (time: number) => worked(sign(opened, ann, aSignature, signingDetails, aContext, time))
const rejected = worked(reject(opened, ann, { initiator: 'USER', reason: null }, aContext, 2_000))
const cancelled = cancel(aPayload(), 2_000).payload
const details = (payload: Payload, now = 3_000) => detailsOf(payload, application, now)

test('a payload that nobody touched says so, with every key present', () => {
  expect(details(aPayload())).toEqual({
    meta: {
      exists: true,
      uuid: '8a7c1b5e-5a0e-4f0e-9d3b-0123456789ab',
      multisign: false,
      submit: true,
      pathfinding: false,
      pathfinding_fallback: false,
      force_network: null,
      destination: '',
      resolved_destination: '',
      resolved: false,
      signed: false,
      cancelled: false,
      expired: false,
      pushed: false,
      app_opened: false,
      opened_by_deeplink: null,
      return_url_app: null,
      return_url_web: null,
      is_xapp: false,
      signers: null,
    },
    application: {
      name: 'Shop',
      description: '',
      disabled: 0,
      uuidv4: application.id,
      icon_url: '',
      issued_user_token: null,
    },
    payload: {
      tx_type: 'Payment',
      tx_destination: '',
      tx_destination_tag: null,
      request_json: { TransactionType: 'Payment' },
      origintype: null,
      signmethod: null,
      created_at: '1970-01-01T00:00:00Z',
      expires_at: '1970-01-01T00:01:00Z',
      expires_in_seconds: 57,
      computed: null,
    },
    response: {
      hex: null,
      txid: null,
      resolved_at: null,
      dispatched_to: null,
      dispatched_nodetype: null,
      dispatched_result: null,
      dispatched_to_node: null,
      environment_nodeuri: null,
      environment_nodetype: null,
      environment_networkid: null,
      multisign_account: null,
      account: null,
      signer: null,
      signer_pubkey: null,
      user: null,
    },
    custom_meta: { identifier: null, blob: null, instruction: null },
  })
})

describe('the booleans tell', () => {
  test.each([
    ['signed in time', signedAt(2_000), 3_000, [true, true, false, false]],
    ['signed in time, looked at later', signedAt(2_000), late, [true, true, false, true]],
    ['rejected', rejected, 3_000, [true, false, false, false]],
    ['cancelled', cancelled, 3_000, [false, false, true, true]],
    ['expired unopened', aPayload(), late, [false, false, false, true]],
    ['opened in time, signed after expiry', signedAt(late), late, [true, true, false, true]],
  ])('%s', (_, payload, now, expected) => {
    const { resolved, signed, cancelled, expired } = details(payload, now).meta
    expect([resolved, signed, cancelled, expired]).toEqual(expected)
  })
})

test('a signature shows with who made it and how', () => {
  const { payload, response } = details(signedAt(2_000))
  expect(payload).toMatchObject({ origintype: 'QR', signmethod: 'PIN' })
  expect(response).toMatchObject({
    hex: 'AB',
    txid: 'CD',
    resolved_at: '1970-01-01T00:00:02Z',
    account: aSignature.account,
    signer: aSignature.signer,
    signer_pubkey: 'EF',
    user: 'ann',
    dispatched_to_node: null,
  })
})

test('a rejection has a time and a user and nothing else', () => {
  const { resolved_at: at, user, ...others } = details(rejected).response
  expect([at, user]).toEqual(['1970-01-01T00:00:02Z', 'ann'])
  expect(Object.values(others).every((value) => value === null)).toBe(true)
})

test("the signer's report of the ledger's answer shows", () => {
  const report = { to: 'wss://node.test', nodeType: 'TESTNET', result: 'tesSUCCESS' }
  expect(details(worked(recordDispatch(signedAt(2_000), ann, report, 3_000))).response).toMatchObject({
    dispatched_to: 'wss://node.test',
    dispatched_nodetype: 'TESTNET',
    dispatched_result: 'tesSUCCESS',
    dispatched_to_node: true,
  })
})

test('opened by deep link is told from opened otherwise', () => {
  const by = (origin: 'DEEP_LINK' | 'QR' | 'UNKNOWN') =>
    details(worked(open(aPayload(), anActor('ann', origin), 1))).meta.opened_by_deeplink
  expect([by('DEEP_LINK'), by('QR'), by('UNKNOWN')]).toEqual([true, false, false])
})

test('a cancelled payload expired when it was cancelled', () => {
  expect(details(cancelled, 5_500).payload).toMatchObject({
    expires_at: '1970-01-01T00:00:02Z',
    expires_in_seconds: -3,
  })
})

test('the network that the wallet named shows with its id, one that nobody knows without', () => {
  const on = (nodeType: string) => {
    const environment = { nodeUri: 'wss://node.test', nodeType }
    const { response } = details(worked(sign(opened, ann, aSignature, { signMethod: null, environment }, aContext, 1)))
    return [response.environment_nodeuri, response.environment_nodetype, response.environment_networkid]
  }
  expect(on('XAHAU')).toEqual(['wss://node.test', 'XAHAU', 21337])
  expect(on('CUSTOM')).toEqual(['wss://node.test', 'CUSTOM', null])
})

test('a SignIn says that it is one, a Payment where it goes, and memos read as text', () => {
  const withTemplate = (json: JsonObject, kind: 'signIn' | 'transaction') => {
    const { request } = aPayload()
    const template = { kind, transactionType: json['TransactionType'] as string, family: 'xrpl', json } as const
    return details(aPayload({ request: { ...request, template } }))
  }
  expect(withTemplate({ TransactionType: 'SignIn' }, 'signIn').payload).toMatchObject({
    tx_type: 'SignIn',
    request_json: { TransactionType: 'SignIn', SignIn: true },
  })
  const payment = withTemplate({ TransactionType: 'Payment', Destination: 'rX', DestinationTag: 7 }, 'transaction')
  expect(payment.meta.destination).toBe('rX')
  expect(payment.payload).toMatchObject({ tx_destination: 'rX', tx_destination_tag: 7 })
  const memo = { Memo: { MemoData: '48656C6C6F' } }
  expect(withTemplate({ TransactionType: 'SignIn', Memos: [memo] }, 'signIn').payload.computed).toEqual({
    Memos: [{ Memo: { MemoData: 'Hello' } }],
  })
})
