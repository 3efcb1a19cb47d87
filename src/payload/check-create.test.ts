import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../json.ts'
import { describeRefusal, isRefusal } from '../refusals.ts'
import { checkCreate } from './check-create.ts'
import type { CreateInput } from './payloads.ts'

const address = 'rPEPPER7kfTD9w2To4CQk6UCfuHM9c6GDY'
const other = 'rwietsevLFg8XSmG3bEZzFein1g8RBqWDZ'
const token = '8a7c1b5e-5a0e-4f0e-9d3b-0123456789ab'
const payment = { TransactionType: 'Payment', Destination: address, Amount: '1000000' }
const txblob = '12000022000000006140000000000F42408314F667B0CA50CC7709A220B0561B85E53A48461FA8'

const accept = (body: JsonObject): CreateInput => {
  const input = checkCreate(body)
  if (isRefusal(input)) throw new Error(describeRefusal(input).message)
  return input
}
const codeOf = (body: Json | undefined): number | 'accepted' => {
  const input = checkCreate(body)
  return isRefusal(input) ? describeRefusal(input).code : 'accepted'
}
const withOptions = (options: Json) => ({ txjson: payment, options })
const withMeta = (custom_meta: Json) => ({ txjson: payment, custom_meta })
const minutes = (count: number) => count * 60_000

test('a bare template takes every default', () => {
  expect(accept({ txjson: payment })).toEqual({
    template: { kind: 'transaction', transactionType: 'Payment', family: 'xrpl', json: payment },
    submit: true,
    multisign: false,
    pathfinding: false,
    pathfindingFallback: false,
    forceNetwork: null,
    signers: null,
    returnUrl: { app: null, web: null },
    lifetime: minutes(1440),
    bind: false,
    customMeta: { identifier: null, blob: null, instruction: null },
    userToken: null,
  })
})

test('everything that may be said is understood', () => {
  const input = accept({
    txJson: payment,
    options: {
      submit: false,
      multisign: true,
      pathfinding: true,
      pathfinding_fallback: true,
      expire: 5,
      force_network: 'TESTNET',
      signers: [address, other],
      return_url: { app: 'shop://done?id={id}', web: 'https://shop.test/?tx={txid}' },
      bind: true,
      immutable: true,
    },
    custom_meta: { identifier: 'order-1', blob: { any: ['json'] }, instruction: 'Pay the order' },
    user_token: token.toUpperCase(),
    something: 'else',
  })
  expect(input).toMatchObject({
    submit: false,
    multisign: true,
    pathfinding: true,
    pathfindingFallback: true,
    lifetime: minutes(5),
    forceNetwork: 'TESTNET',
    signers: [address, other],
    returnUrl: { app: 'shop://done?id={id}', web: 'https://shop.test/?tx={txid}' },
    bind: true,
    customMeta: { identifier: 'order-1', blob: { any: ['json'] }, instruction: 'Pay the order' },
    userToken: token,
  })
})

test('null is as good as absent, everywhere', () => {
  const nothing = accept({ txjson: payment })
  const options = {
    submit: null,
    multisign: null,
    pathfinding: null,
    pathfinding_fallback: null,
    expire: null,
    force_network: null,
    signers: null,
    signer: null,
    return_url: { app: null, web: null },
    bind: null,
  }
  const custom_meta = { identifier: null, blob: null, instruction: null }
  expect(accept({ txjson: payment, txJson: null, txblob: null, options, custom_meta, user_token: null })).toEqual(
    nothing,
  )
  expect(accept({ txjson: payment, options: null, custom_meta: null })).toEqual(nothing)
  expect(accept(withOptions({ return_url: null }))).toEqual(nothing)
})

describe('the template', () => {
  test.each<[number, Json | undefined]>([
    [599, undefined],
    [599, null],
    [599, 'text'],
    [599, 7],
    [599, []],
    [599, [{ txjson: payment }]],
    [599, {}],
    [600, { options: {} }],
    [600, { txjson: null }],
    [600, payment],
    [604, { txjson: payment, txblob }],
    [604, { txjson: payment, txJson: payment }],
    [604, { txJson: payment, txblob }],
    [601, { txblob: '' }],
    [601, { txblob: 'zz' }],
    [601, { txblob: 7 }],
    [601, { txblob: {} }],
    [602, { txjson: {} }],
    [602, { txjson: { TransactionType: 'Paymint' } }],
    [602, { txjson: { TransactionType: 'constructor' } }],
    [603, { txjson: [] }],
    [603, { txjson: 'text' }],
    [603, { txjson: { ...payment, Amount: ' 1' } }],
    [603, { txjson: { ...payment, Destination: 'nobody' } }],
    [603, { txjson: { ...payment, Amount: '1\0' } }],
    [603, { txjson: { ...payment, '\ud800': 1 } }],
  ])('is refused with %i: %j', (code, body) => {
    expect(codeOf(body)).toBe(code)
  })

  test('may be a blob', () => {
    expect(accept({ txblob }).template).toMatchObject({ transactionType: 'Payment', json: { Amount: '1000000' } })
  })

  test('that forgot its wrapper is told about it', () => {
    expect(checkCreate(payment)).toEqual({ refused: 'bodyEmpty', message: expect.stringContaining('txjson') })
  })

  test.each([
    ['SignIn', {}, false, false],
    ['PaymentChannelAuthorize', { Channel: 'AB'.repeat(32), Amount: '1' }, false, true],
    ['Payment', { Destination: address, Amount: '1' }, true, true],
  ])('%s decides what submit and multisign can be', (TransactionType, fields, submit, multisign) => {
    const txjson = { TransactionType, ...fields }
    expect(accept({ txjson, options: { submit: true, multisign: true } })).toMatchObject({ submit, multisign })
  })

  test('is read by the definitions of the network that is forced', () => {
    const txjson = { TransactionType: 'Invoke' }
    expect(accept({ txjson, options: { force_network: 'XAHAU' } }).template.family).toBe('xahau')
    expect(codeOf({ txjson, options: { force_network: 'MAINNET' } })).toBe(602)
  })
})

describe('options', () => {
  test.each([true, 1, 'true'])('%j is true', (value) => {
    expect(accept(withOptions({ submit: value, multisign: value }))).toMatchObject({ submit: true, multisign: true })
  })

  test.each([false, 0, 'false'])('%j is false', (value) => {
    expect(accept(withOptions({ submit: value, bind: value }))).toMatchObject({ submit: false, bind: false })
  })

  test.each<[Json, number]>([
    [0, minutes(1440)],
    [-0, minutes(1440)],
    [1, minutes(1)],
    [0.5, 30_000],
    [0.000001, 1],
    [43_200, minutes(43_200)],
  ])('expire %j lasts %i ms', (expire, lifetime) => {
    expect(accept(withOptions({ expire })).lifetime).toBe(lifetime)
  })

  test.each<Json>([
    'text',
    7,
    [],
    { submit: 'yes' },
    { submit: 2 },
    { submit: {} },
    { multisign: 'TRUE' },
    { pathfinding: [] },
    { pathfinding_fallback: '' },
    { bind: 'on' },
    { expire: -1 },
    { expire: -0.001 },
    { expire: 43_200.001 },
    { expire: 1e300 },
    { expire: '5' },
    { expire: true },
    { force_network: 'NOWHERE' },
    { force_network: 'testnet' },
    { force_network: '' },
    { force_network: 1 },
    { force_network: '__proto__' },
    { signers: [] },
    { signers: {} },
    { signers: ['nobody'] },
    { signers: [address, 7] },
    { signers: [address, `${address} `] },
    { signers: ['XV5sbjUmgPpvXv4ixFWZ5ptAYZ6PD28Sq49uo34VyjnmK5H'] },
    { signers: Array.from({ length: 257 }, () => address) },
    { signer: 'nobody' },
    { signer: 7 },
    { return_url: 'https://shop.test' },
    { return_url: { web: 7 } },
    { '\0': 1 },
    { other: 'a\0b' },
    { other: ['\udfff'] },
  ])('are refused: %j', (options) => {
    expect(codeOf(withOptions(options))).toBe(606)
  })

  test('one signer may be given alone, and nulls between signers are nothing', () => {
    expect(accept(withOptions({ signer: address })).signers).toEqual([address])
    expect(accept(withOptions({ signers: address })).signers).toEqual([address])
    expect(accept(withOptions({ signers: [null, address] })).signers).toEqual([address])
  })

  test.each([
    'https://shop.test',
    'http://localhost:3000/?id={id}&cid={cid}&tx={txid}&hex={txblob}',
    'HTTPS://shop.test',
    `https://shop.test/${'x'.repeat(1982)}`,
    'https://shop.test/ß',
  ])('a web return URL may be %s', (web) => {
    expect(accept(withOptions({ return_url: { web } })).returnUrl).toEqual({ app: null, web })
  })

  test.each(['https://shop.test', 'shop://', 'shop:done', 'com.shop.app://x?{id}', 'xumm://xumm.app/sign/{id}'])(
    'an app return URL may be %s',
    (app) => {
      expect(accept(withOptions({ return_url: { app } })).returnUrl).toEqual({ app, web: null })
    },
  )

  test.each([
    '',
    'shop.test',
    '/done',
    '//shop.test',
    'https:shop.test',
    'https://',
    'https://shop.test/a b',
    'https://shop.test/\t',
    'https://shop.test/\u007f',
    ' https://shop.test',
    `https://shop.test/${'x'.repeat(1983)}`,
    'javascript:alert(1)',
    'JavaScript://shop.test/%0aalert(1)',
    'data:text/html,x',
    'vbscript:x',
    'blob:https://shop.test/x',
    'file:///etc/passwd',
    'about:blank',
    'intent://x#Intent;end',
    'content://x',
    'filesystem:https://shop.test',
    'View-Source:https://shop.test',
    '{id}script:x',
  ])('no return URL may be %j', (url) => {
    expect(codeOf(withOptions({ return_url: { app: url } }))).toBe(606)
    expect(codeOf(withOptions({ return_url: { web: url } }))).toBe(606)
  })

  test.each(['shop://done', 'xumm://x', 'ftp://shop.test', 'ws://shop.test'])(
    'a web return URL may not be %s',
    (web) => {
      expect(codeOf(withOptions({ return_url: { web } }))).toBe(606)
    },
  )
})

describe('custom_meta', () => {
  test('is measured in code points', () => {
    const identifier = '😀'.repeat(40)
    const instruction = '😀'.repeat(280)
    const blob = { a: '😀'.repeat(1492) }
    expect(Array.from(JSON.stringify(blob))).toHaveLength(1500)
    expect(accept(withMeta({ identifier, instruction, blob })).customMeta).toEqual({ identifier, instruction, blob })
  })

  test.each([
    { identifier: 'x'.repeat(41) },
    { instruction: 'x'.repeat(281) },
    { blob: { a: 'x'.repeat(1493) } },
    { blob: { a: '"'.repeat(747) } },
  ])('is refused when too long', (meta) => {
    expect(checkCreate(withMeta(meta))).toMatchObject({ refused: 'customMetaTooLong' })
  })

  test.each<Json>([
    'text',
    [],
    { identifier: 7 },
    { identifier: {} },
    { instruction: true },
    { blob: 'text' },
    { blob: [] },
    { blob: 1 },
    { identifier: 'a\0' },
    { instruction: '\ud83d' },
    { blob: { a: [{ b: '\0' }] } },
    { blob: { '\udc00': 1 } },
  ])('is refused: %j', (meta) => {
    expect(codeOf(withMeta(meta))).toBe(606)
  })

  test('with an empty identifier has none', () => {
    expect(accept(withMeta({ identifier: '' })).customMeta.identifier).toBeNull()
  })

  test('may look like a refusal without being one', () => {
    const blob = { refused: 'internal' }
    expect(accept(withMeta({ blob, refused: 'internal' })).customMeta.blob).toEqual(blob)
  })
})

test.each<Json>(['', 'not a uuid', 7, {}, [token], `${token}0`])('user_token %j is refused', (user_token) => {
  expect(codeOf({ txjson: payment, user_token })).toBe(606)
})

test('whatever JSON comes is accepted or refused with a code of the table, never a fault', () => {
  const codes: (number | 'accepted')[] = ['accepted', 413, 599, 600, 601, 602, 603, 604, 606]
  const any = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>
  const nearly = fc.record(
    {
      txjson: fc.oneof(any, fc.dictionary(fc.constantFrom('TransactionType', 'Destination', 'Amount', 'Memos'), any)),
      txblob: any,
      options: fc.oneof(
        any,
        fc.dictionary(fc.constantFrom('submit', 'expire', 'signers', 'force_network', 'return_url', 'bind'), any),
      ),
      custom_meta: fc.oneof(any, fc.dictionary(fc.constantFrom('identifier', 'blob', 'instruction'), any)),
      user_token: any,
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(fc.oneof(any, nearly as fc.Arbitrary<Json>), (body) => {
      expect(codes).toContain(codeOf(body))
    }),
    { numRuns: 2_000 },
  )
})
