import type { SdkModels } from './model.ts'

// a key that is read as kwargs['key'] must be there; a setter that raises for None must not get null; sanity_check holds
// the type of everything that is neither None nor empty
const meta = {
  exists: 'flag',
  uuid: 'text',
  multisign: 'flag',
  submit: 'flag',
  destination: 'text',
  resolved_destination: 'text',
  resolved: 'flag',
  signed: 'flag',
  cancelled: 'flag',
  expired: 'flag',
  pushed: 'flag',
  app_opened: 'flag',
  'opened_by_deeplink?': 'flag|null',
  'return_url_app?': 'text|null',
  'return_url_web?': 'text|null',
  is_xapp: 'flag',
}
const customMeta = { 'identifier?': 'text|null', 'blob?': 'object|null', 'instruction?': 'text|null' }
const owner = { name: 'text', uuidv4: 'text' }

/** The classes whose `refresh_from` reads an answer, with their `required`, `model_types`, setters and enumerations. */
export const python: SdkModels = {
  source: 'XRPL-Labs/xumm-sdk-py, xumm/resource/types (misc.py, xumm_api/__init__.py, meta/*.py, storage/*.py)',
  ping: {
    pong: 'flag',
    auth: {
      quota: { 'ratelimit?': 'text|null' },
      application: { name: 'text', uuidv4: 'text', webhookurl: 'text', disabled: 'integer' },
      call: { uuidv4: 'text' },
    },
  },
  created: {
    uuid: 'text',
    next: { always: 'text' },
    refs: { qr_png: 'text', qr_matrix: 'text', qr_uri_quality_opts: '["m","q","h"]', websocket_status: 'text' },
    pushed: 'flag',
  },
  details: {
    meta,
    application: {
      name: 'text',
      description: 'text',
      uuidv4: 'text',
      disabled: 'integer',
      icon_url: 'text',
      issued_user_token: 'text|null',
    },
    payload: {
      tx_type: 'text',
      tx_destination: 'text',
      tx_destination_tag: 'integer|null',
      request_json: 'object',
      origintype: 'text|null',
      signmethod: 'text|null',
      created_at: 'text',
      expires_at: 'text',
      expires_in_seconds: 'integer',
    },
    response: {
      hex: 'text|null',
      txid: 'text|null',
      resolved_at: 'text|null',
      dispatched_to: 'text|null',
      dispatched_result: 'text|null',
      dispatched_nodetype: 'text|null',
      multisign_account: 'text|null',
      account: 'text|null',
      'approved_with?': 'null|PIN|BIOMETRIC|PASSPHRASE|OTHER',
    },
    custom_meta: customMeta,
  },
  cancelled: {
    result: {
      cancelled: 'flag',
      reason: 'OK|ALREADY_CANCELLED|ALREADY_RESOLVED|ALREADY_OPENED|ALREADY_EXPIRED',
    },
    meta,
    custom_meta: customMeta,
  },
  // an empty storage is None here, for which the setter raises: get() of the SDK fails on the hosted platform, too
  storage: { application: owner, data: 'object' },
  stored: { application: owner, stored: 'flag', data: 'object' },
  cleared: { application: owner, stored: 'flag', data: 'null' },
  userTokens: {
    tokens: [{ user_token: 'text', active: 'flag', token_issued: 'integer', token_expiration: 'integer' }],
  },
  kycOfAccount: { account: 'text', kycApproved: 'flag' },
  kycOfUser: { kycStatus: 'text', possibleStatuses: 'object' },
  curatedAssets: { issuers: 'list', currencies: 'list', details: 'object' },
  transaction: {
    txid: 'text',
    balanceChanges: { '*': [{ counterparty: 'text', currency: 'text', value: 'text' }] },
    node: 'text',
    transaction: 'object',
  },
}
