import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isRefusal } from '../../src/refusals.ts'
import { aSubmission, startDeveloperServer, type DeveloperServer } from './developer-server.ts'
import { dotNet } from './sdk-models/dot-net.ts'
import { troubleWith } from './sdk-models/model.ts'
import { php } from './sdk-models/php.ts'
import { python } from './sdk-models/python.ts'
import { dotNetRequests, phpRequests, pythonRequests } from './sdk-models/requests.ts'

const sdks = [
  { name: 'Python', models: python, sent: pythonRequests },
  { name: 'PHP', models: php, sent: phpRequests },
  { name: '.NET', models: dotNet, sent: dotNetRequests },
]

let server: DeveloperServer
beforeAll(async () => {
  server = await startDeveloperServer()
})
afterAll(() => server.close())

const payment = {
  TransactionType: 'Payment',
  Destination: 'rPEPPER7kfTD9w2To4CQk6UCfuHM9c6GDY',
  DestinationTag: 4_294_967_295,
  Amount: '1000000',
}

/** Every state that a payload can be looked at in. */
const states: Record<string, () => Promise<string>> = {
  new: () => create({ txjson: payment }),
  'a SignIn': () => create({ txjson: { TransactionType: 'SignIn' } }),
  'with everything that may be asked for': () =>
    create({
      txjson: { ...payment, Memos: [{ Memo: { MemoData: 'AB' } }] },
      options: {
        force_network: 'TESTNET',
        signers: [payment.Destination],
        return_url: { app: 'a:b', web: 'https://a.b' },
      },
      custom_meta: { identifier: randomUUID(), blob: { a: [] }, instruction: 'Pay' },
    }),
  opened: () => act((ann, id) => server.payloads.open(ann, id)),
  signed: () => act((ann, id) => server.payloads.act(ann, id, signing(false), randomUUID())),
  'signed, push allowed': () => act((ann, id) => server.payloads.act(ann, id, signing(true), randomUUID())),
  rejected: () =>
    act((ann, id) => server.payloads.act(ann, id, { kind: 'reject', initiator: 'USER', reason: null }, randomUUID())),
  cancelled: async () => {
    const id = await create({ txjson: payment })
    await server.shop.call('DELETE', `payload/${id}`)
    return id
  },
  expired: async () => {
    const id = await create({ txjson: payment, options: { expire: 1 } })
    server.clock.time += 90_000
    return id
  },
}

const signing = (grantPush: boolean) =>
  ({
    kind: 'sign',
    submission: aSubmission,
    grantPush,
    dispatched: { to: 'wss://node.test', nodeType: 'TESTNET', result: 'tesSUCCESS' },
  }) as const

const create = async (body: object): Promise<string> => (await server.shop.call('POST', 'payload', body)).body.uuid

const act = async (
  action: (ann: Awaited<ReturnType<DeveloperServer['addUser']>>, id: string) => Promise<object>,
): Promise<string> => {
  const id = await create({ txjson: payment })
  const done = await action(await server.addUser(), id)
  if (isRefusal(done)) throw new Error(done.refused)
  return id
}

describe.each(sdks)('the $name SDK', ({ models, sent }) => {
  test.each(Object.keys(states))('reads the details of a payload: %s', async (state) => {
    const { body } = await server.shop.call('GET', `payload/${await states[state]!()}`)
    expect(troubleWith(models.details!, body)).toEqual([])
  })

  test.each(Object.keys(states))('reads the answer to cancelling a payload: %s', async (state) => {
    const { body } = await server.shop.call('DELETE', `payload/${await states[state]!()}`)
    expect(troubleWith(models.cancelled!, body)).toEqual([])
  })

  test('reads a user token that is worth something', async () => {
    const id = await states['signed, push allowed']!()
    const { body } = await server.shop.call('GET', `payload/${id}`)
    const tokens = await server.shop.call('POST', 'user-tokens', [body.application.issued_user_token])
    expect(tokens.body.tokens[0].active).toBe(true)
    if (models.userTokens !== undefined) expect(troubleWith(models.userTokens, tokens.body)).toEqual([])
  })

  test('is answered what it can read, request by request', async () => {
    const { application, apiSecret } = await server.register('Shop of this SDK')
    const [key, secret] = sent.credentials
    let payload = ''
    for (const { method, path, body, answer, open } of sent.requests) {
      const response = await fetch(`${server.base}/${path.replace('{payload}', payload)}`, {
        method,
        headers: {
          ...sent.headers,
          ...(open ? {} : { [key]: application.id, [secret]: apiSecret }),
          ...(sent.contentType === 'always' || body !== undefined ? { 'content-type': 'application/json' } : {}),
        },
        ...(body === undefined ? {} : { body }),
      })
      const answered: any = await response.json()
      const asked = `${method} ${path}`
      expect({ asked, status: response.status, answered }).toMatchObject({ asked, status: 200 })
      expect({ asked, trouble: troubleWith(models[answer]!, answered) }).toEqual({ asked, trouble: [] })
      if (answer === 'created') payload = answered.uuid
    }
  })
})

test.each([
  ['text', 7],
  ['text|null', 7],
  ['int32', 2 ** 31],
  ['uint32', -1],
  ['integer', 1.5],
  ['OK|NO', 'YES'],
  ['["m","q","h"]', ['m', 'h', 'q']],
  ['time', '2026-01-31 12:00:00'],
  ['object', []],
  [{ a: 'text' }, {}],
  [{ 'a?': 'text' }, { a: null }],
  [{ '*': 'text' }, { b: 1 }],
  [['text'], ['a', 1]],
  [['text'], {}],
] as const)('a model of %j finds fault with %j', (model, answer) => {
  expect(troubleWith(model, answer)).toHaveLength(1)
})
