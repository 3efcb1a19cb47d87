/**
 * The closed catalogue of refusals: everything this server says no to, keyed by reason.
 *
 * A refusal is a value, never an exception: exceptions are for faults. The number goes on the wire, the status on the
 * HTTP response, and `message` is one English sentence for the person who debugs, never with a secret in it.
 * `docs/errors.md` has a row for each; a test compares the two in both directions. Retired numbers are never reused.
 *
 * Numbers of the developer API are those the hosted platform's SDKs know; those of the wallet API are the ones the
 * open-source wallet has texts for. Source: XRPL-Labs/Xaman-App, src/common/libs/payload/errors.ts.
 */
export interface RefusalEntry {
  readonly code: number
  readonly status: number
  readonly message: string
}

export const refusals = {
  // every API
  payloadNotFound: { code: 404, status: 404, message: 'No payload with this id exists for you.' },
  requestBroken: {
    code: 400,
    status: 400,
    message: 'This is no HTTP request, has too large headers, or took too long.',
  },
  bodyTooLarge: { code: 413, status: 413, message: 'The request body is over the limit of 256 KiB.' },
  internal: { code: 500, status: 500, message: 'Something failed on our side; the reference finds it in the log.' },
  unavailable: { code: 605, status: 503, message: 'The database cannot be reached just now; please try again.' },
  rateLimited: { code: 429, status: 429, message: 'Too many requests; try again after the time in Retry-After.' },

  // operations
  readinessCheckUnknown: {
    code: 400,
    status: 400,
    message: 'exclude takes bus and clock, repeated or separated by commas; no other check can be left out.',
  },

  // developer API
  endpointUnknown: { code: 404, status: 404, message: 'Endpoint unknown or method invalid for given endpoint' },
  notFound: { code: 404, status: 404, message: 'Nothing is known under this name.' },
  identifierTaken: {
    code: 409,
    status: 409,
    message: 'This custom_meta.identifier is already used by another payload.',
  },
  customMetaTooLong: { code: 413, status: 400, message: 'A custom_meta field is too long.' },
  bodyNotJson: { code: 599, status: 400, message: 'The body must be one JSON object.' },
  bodyEmpty: { code: 600, status: 400, message: 'The body must have either txjson or txblob.' },
  bothTemplates: { code: 604, status: 400, message: 'Give either txjson or txblob, not both.' },
  txblobInvalid: { code: 601, status: 400, message: 'txblob does not decode to a transaction.' },
  transactionTypeUnknown: { code: 602, status: 400, message: 'The TransactionType is unknown.' },
  templateInvalid: { code: 603, status: 400, message: 'The transaction template does not encode.' },
  optionInvalid: { code: 606, status: 400, message: 'An option or a custom_meta field has a wrong type or value.' },
  applicationDisabled: { code: 810, status: 403, message: 'This application is disabled.' },
  credentialsMissing: { code: 812, status: 403, message: 'Send x-api-key and x-api-secret, both UUIDs.' },
  credentialsWrong: { code: 813, status: 403, message: 'The API key or the API secret is wrong.' },

  // wallet API: authentication
  bearerReplayed: { code: 830, status: 401, message: 'The bearer counter was used before or its hash is wrong.' },
  deviceUnknown: { code: 831, status: 401, message: 'This device is unknown, revoked or locked.' },
  bearerMalformed: { code: 832, status: 401, message: 'The Authorization header is missing or malformed.' },
  bearerHashWrong: { code: 890, status: 401, message: 'The refresh hash of the bearer is missing or superseded.' },
  activationFailed: { code: 900, status: 400, message: 'This device cannot be activated.' },
  tooManyDevices: { code: 900, status: 400, message: 'This user has as many devices as there may be.' },
  deviceNotPending: { code: 404, status: 404, message: 'None of your devices that wait for permission has this uuid.' },

  // wallet API: opening and resolving
  handledByAnother: { code: 403, status: 403, message: 'This payload is handled by another client.' },
  notForThisUser: { code: 403, status: 403, message: 'This payload was pushed to another user.' },
  neverOpened: {
    code: 403,
    status: 403,
    message: 'This device never opened the payload, so it has nothing to report.',
  },
  tooManyOpeners: { code: 403, status: 403, message: 'Too many users have opened this payload.' },
  alreadyResolved: { code: 409, status: 409, message: 'This payload has been resolved already.' },
  expiredUnopened: { code: 510, status: 410, message: 'This payload has expired and was not opened in time.' },
  cancelled: { code: 510, status: 410, message: 'This payload was cancelled.' },
  notAResolution: { code: 800, status: 400, message: 'The body is no resolution: it has no signed_blob.' },
  blobUndecodable: { code: 801, status: 400, message: 'signed_blob does not decode to a transaction.' },
  transactionIdMissing: { code: 802, status: 400, message: 'tx_id is missing or malformed.' },
  transactionIdMismatch: { code: 803, status: 400, message: 'tx_id is not the hash of signed_blob.' },
  multisignedInvalid: { code: 804, status: 400, message: 'multisigned must name the one account that signed.' },
  signatureInvalid: { code: 405, status: 422, message: 'A signature in signed_blob does not hold.' },
  keyNotAuthorized: { code: 405, status: 422, message: 'The signing key may not speak for the account.' },
  templateMismatch: { code: 405, status: 422, message: 'What was signed is not what was asked for.' },
  signerNotAllowed: { code: 405, status: 422, message: 'The account is not one of the allowed signers.' },
  networkMismatch: { code: 405, status: 422, message: 'The wallet was not on the network that was asked for.' },

  // admin API
  adminApiOff: {
    code: 404,
    status: 404,
    message: 'The admin API is not configured: COUNTERSIGN_ADMIN_TOKEN is not set.',
  },
  adminTokenMissing: { code: 401, status: 401, message: 'Send Authorization: Bearer and the admin token.' },
  adminTokenWrong: { code: 401, status: 401, message: 'The admin token is wrong.' },
  misdirectedHost: { code: 421, status: 421, message: 'This server does not answer here under that host name.' },
  crossOriginWrite: { code: 403, status: 403, message: 'Pages of another origin may change nothing here.' },
  deliveryNotRepeatable: {
    code: 409,
    status: 409,
    message: 'This delivery is under way just now, or not due for the first time yet.',
  },
  noWebhookUrl: { code: 409, status: 409, message: 'This application has no URL to send it to.' },
} as const satisfies Record<string, RefusalEntry>

export type RefusalReason = keyof typeof refusals

/** One refusal on its way out. `message` narrows the catalogue's sentence down to this case, without secrets. */
export interface Refusal {
  readonly refused: RefusalReason
  readonly message?: string
}

/** @param message one helpful sentence for this very case; the catalogue's is used when left out */
export const refuse = (refused: RefusalReason, message?: string): Refusal =>
  message === undefined ? { refused } : { refused, message }

export const isRefusal = (value: unknown): value is Refusal =>
  typeof value === 'object' && value !== null && 'refused' in value

export const describeRefusal = (refusal: Refusal): RefusalEntry => {
  const entry = refusals[refusal.refused]
  return { code: entry.code, status: entry.status, message: refusal.message ?? entry.message }
}
