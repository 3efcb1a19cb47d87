import { randomUUID } from 'node:crypto'
import type { Json } from '../../src/json.ts'
import type { Header } from './raw-http.ts'
import type { Route, World } from './world.ts'

/** A request before anything is done to it. */
export interface Asked {
  readonly method: string
  /** What stands between the slashes, as it goes on the request line. */
  readonly path: readonly string[]
  readonly query: string
  readonly version: string
  readonly headers: readonly Header[]
  readonly body: Buffer
  readonly hangsUp: boolean
}

const account = 'rPEPPER7kfTD9w2To4CQk6UCfuHM9c6GDY'
const hash = 'AB'.repeat(32)

const registration = { uniqueDeviceIdentifier: 'a device', devicePlatform: 'ios', devicePushToken: 'a token' }

/** With every field that there is; the other routes look at none. */
const bodies: Readonly<Record<string, () => Json>> = {
  'POST /api/v1/platform/payload': () => ({
    txjson: {
      TransactionType: 'Payment',
      Destination: account,
      DestinationTag: 1,
      Amount: { currency: 'USD', issuer: account, value: '1.5' },
      Flags: 131072,
      Memos: [{ Memo: { MemoType: 'AB', MemoData: 'CD' } }],
      Paths: [[{ account, currency: 'USD', issuer: account }]],
    },
    options: {
      submit: true,
      multisign: false,
      expire: 5,
      pathfinding: false,
      pathfinding_fallback: false,
      force_network: 'TESTNET',
      signers: [account],
      return_url: { app: 'shop://back?id={id}', web: 'https://shop.test/?id={id}' },
    },
    custom_meta: { identifier: randomUUID(), blob: { any: ['json'] }, instruction: 'Pay the order' },
    user_token: randomUUID(),
  }),
  'POST /api/v1/platform/app-storage': () => ({ name: 'Ann', list: [1, { deep: 'text' }] }),
  'POST /api/v1/platform/storage': () => ({ name: 'Ann' }),
  'POST /api/v1/platform/user-tokens': () => ({ tokens: [randomUUID(), 'no token'] }),
  'POST /api/v1/platform/kyc-status': () => ({ user_token: randomUUID() }),
  'POST /api/v1/admin/applications/:id/test-event': () => ({ to: 'webhook' }),
  'POST /api/v1/admin/deliveries/redeliver-failed': () => ({
    since: '2026-01-31T12:00:00Z',
    application: randomUUID(),
  }),
  'POST /api/v1/app/activate-device': () => registration,
  'POST /api/v1/app/add-device': () => registration,
  'PATCH /api/v1/app/pending-devices': () => ({ uuidv4: randomUUID() }),
  'DELETE /api/v1/app/pending-devices': () => ({ uuidv4: randomUUID() }),
  'POST /api/v1/app/update-device': () => ({ devicePushToken: 'another token' }),
  'POST /api/v1/app/ping': () => ({
    appVersion: '4.1.0',
    appLanguage: 'en',
    appCurrency: 'EUR',
    devicePushToken: 'a token',
  }),
  'PATCH /api/v1/app/payload/:id': () => ({
    signed_blob: '1200002200000000',
    tx_id: hash,
    signmethod: 'PIN',
    signpubkey: `ED${'AB'.repeat(32)}`,
    multisigned: account,
    permission: { push: true, days: 30 },
    origintype: 'QR',
    environment: { nodeuri: 'wss://node.test', nodetype: 'TESTNET' },
    dispatched: { to: 'wss://node.test', nodetype: 'TESTNET', result: 'tesSUCCESS' },
  }),
}

/** What this route takes, new each time; undefined for one that needs no body. */
export const bodyFor = ({ method, url }: Route): Json | undefined => bodies[`${method} ${url}`]?.()

const parameters: Readonly<Record<string, (world: World, route: Route) => string | Promise<string>>> = {
  id: (world, { url }) => {
    if (/third-party-permissions|applications/.test(url)) return world.application.apiKey
    return url.includes('deliveries') ? world.deliveryId : world.freshPayload()
  },
  part: async (world) => `${await world.freshPayload()}_m.svg`,
  token: () => randomUUID(),
  account: () => account,
  parameter: () => account,
  hash: () => hash,
  txid: () => hash,
  currency: () => 'USD',
  version: () => 'x',
  name: () => 'sign-page.css',
  '*': () => 'nobody',
}

/** A request that this route would take, or almost: what it names need not be there. */
export const validRequest = async (world: World, route: Route): Promise<Asked> => {
  const path = await Promise.all(
    route.url.split('/').map(async (part) => {
      const parameter = /^(?::(.+)|(\*))$/.exec(part)
      return parameter === null ? part : (parameters[parameter[1] ?? '*']?.(world, route) ?? 'x')
    }),
  )
  const json = bodyFor(route)
  const takesBody = json !== undefined || route.method === 'POST'
  const body = Buffer.from(takesBody ? JSON.stringify(json ?? {}) : '')
  const headers: Header[] = [
    ['Host', '127.0.0.1'],
    ['Connection', 'close'],
    ['Content-Type', 'application/json'],
    ['Content-Length', `${body.length}`],
    ...(await credentials(world, route)),
  ]
  return { method: route.method, path, query: '', version: 'HTTP/1.1', headers, body, hangsUp: false }
}

const credentials = async (world: World, { url }: Route): Promise<Header[]> => {
  if (url.startsWith('/api/v1/admin/')) return [['Authorization', `Bearer ${world.adminToken}`]]
  if (url.startsWith('/api/v1/platform/')) {
    const { apiKey, apiSecret } = world.application
    return [
      ['x-api-key', apiKey],
      ['x-api-secret', apiSecret],
    ]
  }
  if (url.endsWith('/activate-device')) return [['Authorization', await world.freshActivation()]]
  return url.startsWith('/api/v1/app/') ? [['Authorization', world.wallet.bearer()]] : []
}
