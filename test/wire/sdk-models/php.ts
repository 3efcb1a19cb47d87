import type { SdkModels } from './model.ts'

// answers are denormalised into constructors: a parameter that is neither nullable nor has a default must be there and not
// null; PHP itself turns 0 and 1 into booleans and numbers into strings. Names become snake_case, but for those in
// config/serializer/class_metadata.yaml.
const flag = 'flag|integer'
const text = 'text|integer'
const reasons = 'OK|ALREADY_CANCELLED|ALREADY_RESOLVED|ALREADY_OPENED|ALREADY_EXPIRED'
const statuses = 'NONE|IN_PROGRESS|REJECTED|SUCCESSFUL'

/** The constructors below src/Response. */
export const php: SdkModels = {
  source: 'XRPL-Labs/XUMM-SDK-PHP, src/Response and src/Serializer',
  ping: {
    // PingResponseDenormalizer reads no further than this key
    auth: {
      quota: { 'rate_limit?': 'integer|null' },
      application: { uuidv4: text, name: text, webhookurl: text, disabled: flag },
      call: { uuidv4: text },
    },
  },
  created: {
    uuid: text,
    refs: { qr_png: text, qr_matrix: text, websocket_status: text },
    pushed: flag,
  },
  details: {
    payload: {
      tx_type: text,
      tx_destination: text,
      tx_destination_tag: `${text}|null`,
      request_json: 'object|list',
      origintype: `${text}|null`,
      signmethod: `${text}|null`,
      created_at: 'time',
      expires_at: 'time',
      expires_in_seconds: 'integer',
    },
    meta: {
      uuid: text,
      multisign: flag,
      submit: flag,
      destination: text,
      resolved_destination: text,
      resolved: flag,
      signed: flag,
      cancelled: flag,
      expired: flag,
      pushed: flag,
      app_opened: flag,
      is_xapp: flag,
      pathfinding: flag,
      pathfinding_fallback: flag,
      'opened_by_deeplink?': `${flag}|null`,
      'immutable?': `${flag}|null`,
      'return_url_app?': `${text}|null`,
      'return_url_web?': `${text}|null`,
      'signers?': 'list|null',
      'force_network?': `${text}|null`,
    },
    application: {
      name: text,
      description: text,
      uuidv4: text,
      disabled: flag,
      icon_url: text,
      'issued_user_token?': `${text}|null`,
    },
    response: {
      txid: `${text}|null`,
      'resolved_at?': 'time|null',
      'dispatched_node_type?': `${text}|null`,
      'dispatched_to?': `${text}|null`,
      'dispatched_result?': `${text}|null`,
      'multisign_account?': `${text}|null`,
      'account?': `${text}|null`,
      // an enumeration that nothing here denormalises: any value but null ends in a TypeError
      'approved_with?': 'null',
    },
    custom_meta: {
      identifier: `${text}|null`,
      instruction: `${text}|null`,
      'blob?': 'object|list|null',
    },
  },
  // DeletePayloadDenormalizer reads no further than this key
  cancelled: { result: { cancelled: flag, reason: reasons } },
  // one class for the answers to both
  kycOfAccount: { kycStatus: statuses },
  kycOfUser: { kycStatus: statuses },
  curatedAssets: { issuers: 'list', currencies: 'list', details: 'object|list' },
  transaction: {
    txid: text,
    node: text,
    transaction: 'object|list',
    balanceChanges: { '*': [{ currency: text, value: text }] },
  },
}
