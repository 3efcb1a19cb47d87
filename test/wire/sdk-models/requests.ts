import type { SdkModels } from './model.ts'

/** A request as an SDK puts it on the wire. `{…}` in a path is filled in by the test. */
export interface SdkRequest {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  readonly body?: string
  /** The model that the answer must fit. */
  readonly answer: Exclude<keyof SdkModels, 'source'>
  /** Sent without credentials. */
  readonly open?: boolean
}

export interface SdkRequests {
  readonly source: string
  readonly headers: Readonly<Record<string, string>>
  /** Beside `headers` where there is a body; some send it where there is none, too. */
  readonly contentType: 'always' | 'with a body'
  readonly credentials: readonly [key: string, secret: string]
  readonly requests: readonly SdkRequest[]
}

const account = 'rPEPPER7kfTD9w2To4CQk6UCfuHM9c6GDY'
const user = 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee'
const payment = `{"TransactionType": "Payment", "Destination": "${account}", "DestinationTag": 495, "Amount": "65000"}`

/** A slash at the end of most paths, blanks in its JSON, tokens as a bare array, DELETE with a JSON type and no body. */
export const pythonRequests: SdkRequests = {
  source: 'XRPL-Labs/xumm-sdk-py, xumm/client.py, xumm/resource/*.py, samples/fixtures/sample_payload.py',
  headers: { accept: 'application/json', 'user-agent': 'python-requests/2.31.0' },
  contentType: 'always',
  credentials: ['X-API-Key', 'X-API-Secret'],
  requests: [
    { method: 'GET', path: 'ping/', answer: 'ping' },
    { method: 'POST', path: 'payload/', body: `{"txjson": ${payment}}`, answer: 'created' },
    {
      method: 'POST',
      path: 'payload/',
      body:
        `{"user_token": "${user}", "txjson": ${payment}, "options": {"submit": true, "expire": 240, "return_url": ` +
        '{"app": "https://xumm.dev/beta/test?payloadId={payloadId}", "web": null}}, "custom_meta": {"identifier": ' +
        '"some_identifier_1337", "blob": {"myOwnMetaData": "abc"}, "instruction": "Hey \\u2764\\ufe0f ..."}}',
      answer: 'created',
    },
    { method: 'GET', path: 'payload/{payload}', answer: 'details' },
    { method: 'DELETE', path: 'payload/{payload}', answer: 'cancelled' },
    { method: 'POST', path: 'storage/', body: '{"name": "Wietse"}', answer: 'stored' },
    { method: 'GET', path: 'storage/', answer: 'storage' },
    { method: 'DELETE', path: 'storage/', answer: 'cleared' },
    { method: 'POST', path: 'user-tokens/', body: `["${user}"]`, answer: 'userTokens' },
    { method: 'GET', path: `kyc-status/${account}`, answer: 'kycOfAccount' },
    { method: 'POST', path: 'kyc-status/', body: `{"user_token": "${user}"}`, answer: 'kycOfUser' },
    { method: 'GET', path: 'curated-assets', answer: 'curatedAssets' },
  ],
}

/** A JSON type on every request, body or not; nulls are left out. */
export const phpRequests: SdkRequests = {
  source: 'XRPL-Labs/XUMM-SDK-PHP, src/Client/Guzzle/XummClient.php, src/ValueObject/Http/Request.php, src/Payload',
  headers: { 'user-agent': 'GuzzleHttp/7' },
  contentType: 'always',
  credentials: ['X-API-Key', 'X-API-Secret'],
  requests: [
    { method: 'GET', path: 'ping', answer: 'ping' },
    {
      method: 'POST',
      path: 'payload',
      body:
        `{"txjson":{"TransactionType":"Payment","Destination":"${account}","Amount":"1000"},"user_token":"${user}",` +
        '"options":{"submit":true,"multisign":false,"expire":5,"immutable":false,"force_account":false,' +
        `"return_url":{"app":"https:\\/\\/shop.test","web":"https:\\/\\/shop.test"},"signers":["${account}",null]},` +
        '"custom_meta":{"identifier":"php-1","instruction":"Pay","blob":{"a":"b"}}}',
      answer: 'created',
    },
    { method: 'GET', path: 'payload/{payload}', answer: 'details' },
    { method: 'GET', path: 'payload/ci/php-1', answer: 'details' },
    { method: 'DELETE', path: 'payload/{payload}', answer: 'cancelled' },
    { method: 'GET', path: `kyc-status/${account}`, answer: 'kycOfAccount' },
    { method: 'POST', path: 'kyc-status', body: `{"user_token":"${user}"}`, answer: 'kycOfUser' },
    { method: 'GET', path: 'curated-assets', answer: 'curatedAssets' },
  ],
}

/** `txJson` for a transaction of its own classes, `expire: 0` for options that set none, identifiers as they are. */
export const dotNetRequests: SdkRequests = {
  source: 'XRPL-Labs/XUMM.NET.SDK, src/XUMM.NET.SDK/Clients and src/XUMM.NET.SDK/Models/Payload',
  headers: { accept: 'application/json', 'user-agent': 'XUMM-Net' },
  contentType: 'with a body',
  credentials: ['X-API-Key', 'X-API-Secret'],
  requests: [
    { method: 'GET', path: 'ping', answer: 'ping' },
    { method: 'POST', path: 'payload', body: '{"txJson":{"TransactionType":"SignIn"}}', answer: 'created' },
    {
      method: 'POST',
      path: 'payload',
      body:
        `{"txjson":{"TransactionType":"Payment","Destination":"${account}","Amount":"1000"},` +
        '"options":{"submit":false,"expire":0},"custom_meta":{"identifier":"net/2026 1"}}',
      answer: 'created',
    },
    { method: 'GET', path: 'payload/{payload}', answer: 'details' },
    { method: 'GET', path: 'payload/ci/net/2026%201', answer: 'details' },
    { method: 'DELETE', path: 'payload/{payload}', answer: 'cancelled' },
    { method: 'GET', path: 'app-storage', answer: 'storage' },
    { method: 'POST', path: 'app-storage', body: '{"name":"Wietse"}', answer: 'stored' },
    { method: 'DELETE', path: 'app-storage', answer: 'cleared' },
    { method: 'GET', path: `user-token/${user}`, answer: 'userTokens' },
    { method: 'POST', path: 'user-tokens', body: `{"tokens":["${user}"]}`, answer: 'userTokens' },
    { method: 'GET', path: `kyc-status/${account}`, open: true, answer: 'kycOfAccount' },
    { method: 'POST', path: 'kyc-status', body: `{"user_token":"${user}"}`, answer: 'kycOfUser' },
    { method: 'GET', path: 'curated-assets', answer: 'curatedAssets' },
    { method: 'GET', path: 'rails', answer: 'rails' },
    { method: 'GET', path: `account-meta/${account}`, answer: 'accountMeta' },
  ],
}
