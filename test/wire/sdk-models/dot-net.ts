import type { SdkModels } from './model.ts'

// System.Text.Json: null for a bool, an int or a DateTime that is not nullable throws, as does a value of another type; a
// string that is not nullable is a promise to those who use it. Missing keys are let pass, so only what is used is demanded.
const meta = {
  exists: 'flag',
  uuid: 'text',
  multisign: 'flag',
  submit: 'flag',
  pathfinding: 'flag|null',
  pathfinding_fallback: 'flag|null',
  force_network: 'text|null',
  destination: 'text',
  resolved_destination: 'text',
  resolved: 'flag',
  signed: 'flag',
  cancelled: 'flag',
  expired: 'flag',
  pushed: 'flag',
  app_opened: 'flag',
  opened_by_deeplink: 'flag|null',
  'openedimmutable_by_deeplink?': 'flag|null',
  return_url_app: 'text|null',
  return_url_web: 'text|null',
  is_xapp: 'flag',
  signers: 'texts|null',
}
const customMeta = { identifier: 'text|null', blob: 'object|null', instruction: 'text|null' }
// one class for the application of a ping and of a payload
const application = {
  uuidv4: 'text',
  name: 'text',
  'description?': 'text|null',
  'webhookurl?': 'text|null',
  'redirecturis?': 'texts',
  disabled: 'int32',
  'icon_url?': 'text|null',
  'issued_user_token?': 'text|null',
}
const storage = { application: { name: 'text', uuidv4: 'text' }, data: 'object|null' }

/** The classes below src/XUMM.NET.SDK/Models. */
export const dotNet: SdkModels = {
  source: 'XRPL-Labs/XUMM.NET.SDK, src/XUMM.NET.SDK/Models',
  ping: { pong: 'flag', auth: { application, call: { uuidv4: 'text' }, quota: 'object' } },
  created: {
    uuid: 'text',
    next: { always: 'text', 'no_push_msg_received?': 'text|null' },
    refs: { qr_png: 'text', qr_matrix: 'text', qr_uri_quality_opts: 'texts', websocket_status: 'text' },
    pushed: 'flag',
  },
  details: {
    meta,
    application,
    payload: {
      tx_type: 'text',
      tx_destination: 'text',
      tx_destination_tag: 'uint32|null',
      request_json: 'object',
      origintype: 'text|null',
      signmethod: 'text|null',
      created_at: 'time',
      expires_at: 'time',
      expires_in_seconds: 'int32',
    },
    response: {
      hex: 'text|null',
      txid: 'text|null',
      resolved_at: 'time|null',
      dispatched_to: 'text|null',
      dispatched_result: 'text|null',
      dispatched_nodetype: 'text|null',
      multisign_account: 'text|null',
      account: 'text|null',
    },
    custom_meta: customMeta,
  },
  cancelled: { result: { cancelled: 'flag', reason: 'text' }, meta, custom_meta: customMeta },
  storage,
  stored: { ...storage, stored: 'flag' },
  cleared: { ...storage, stored: 'flag' },
  userTokens: { tokens: [{ user_token: 'text', active: 'flag', issued: 'int32|null', expires: 'int32|null' }] },
  kycOfAccount: { account: 'text', kycApproved: 'flag' },
  kycOfUser: { kycStatus: 'NONE|IN_PROGRESS|REJECTED|SUCCESSFUL' },
  curatedAssets: { issuers: 'texts', currencies: 'texts', details: 'object' },
  rails: {
    '*': {
      chain_id: 'int32',
      color: 'text',
      name: 'text',
      is_livenet: 'flag',
      native_asset: 'text',
      endpoints: [{ name: 'text', url: 'text' }],
      explorers: [{ name: 'text', url_tx: 'text', 'url_account?': 'text|null', 'url_ctid?': 'text|null' }],
      'rpc?': 'text|null',
      'definitions?': 'text|null',
      icons: { icon_square: 'text', icon_asset: 'text' },
    },
  },
  accountMeta: {
    account: 'text',
    kycApproved: 'flag',
    xummPro: 'flag',
    avatar: 'text|null',
    xummProfile: { accountAlias: 'text|null', ownerAlias: 'text|null' },
    thirdPartyProfiles: [{ accountAlias: 'text', source: 'text' }],
    globalid: { linked: 'time|null', profileUrl: 'text|null' },
  },
  transaction: {
    txid: 'text',
    balanceChanges: {
      '*': [{ counterparty: 'text', currency: 'text', value: 'text', formatted: { value: 'text', currency: 'text' } }],
    },
    node: 'text',
    transaction: 'object|null',
  },
}
