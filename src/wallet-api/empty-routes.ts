import type { FastifyInstance, FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { Json, JsonObject } from '../json.ts'
import { refuse } from '../refusals.ts'
import type { Admission } from './admission.ts'
import { addRoute } from './route.ts'

/**
 * What the wallet asks and we have nothing to say to: well-formed, and empty. Each answer has what the wallet reads.
 * Source: XRPL-Labs/Xaman-App, typings/xaman-backend/index.d.ts and src/services/BackendService.ts.
 */
export const addEmptyRoutes = (app: FastifyInstance, { device }: Admission, rails: JsonObject): void => {
  for (const [method, url, answer] of emptyAnswers(rails)) {
    addRoute(app, {
      method,
      url,
      admit: device,
      answer: Type.Unsafe<Json>({}),
      handle: async ({ request }) => answer(request) ?? refuse('notFound'),
    })
  }
}

/** Null: 404. */
type Answer = (request: FastifyRequest) => Json | null

const emptyAnswers = (rails: JsonObject): readonly (readonly ['GET' | 'POST', string, Answer])[] => [
  ['GET', '/account-advisory/:account', aboutAccount({ danger: 'UNKNOWN', force_dtag: false, confirmations: {} })],
  ['GET', '/account-info/:account', aboutAccount(nothingKnown)],
  [
    'GET',
    '/curated-ious',
    () => ({ version: 0, changed: false, network: '', issuers: [], currencies: [], details: {} }),
  ],
  ['GET', '/rates/:currency', (request) => noRates(parameter(request, 'currency'))],
  // not empty: the wallet would offer its user to forget every network that is missing here
  ['GET', '/rails', () => rails],
  ['GET', '/currencies/:locale', (request) => ({ locale: parameter(request, 'locale'), currencies: { popular: {} } })],
  ['POST', '/get-service-fee', () => noServiceFee],
  ['POST', '/add-tx', () => ({ done: true })],
  ['POST', '/signed-tx-blob', () => ({ done: true })],
]

const parameter = (request: FastifyRequest, name: string): string =>
  (request.params as Record<string, string>)[name] ?? ''

/** In the form of an address; whether its checksum holds is for the wallet to know. */
const accountForm = /^r[1-9A-HJ-NP-Za-km-z]{24,34}$/

const aboutAccount =
  (nothing: JsonObject): Answer =>
  (request) => {
    const account = parameter(request, 'account')
    return accountForm.test(account) ? { account, ...nothing } : null
  }

const nothingKnown: JsonObject = {
  name: null,
  domain: '',
  blocked: false,
  source: '',
  force_dtag: false,
  kycApproved: false,
  proSubscription: false,
  xapp_identifier: null,
  no_direct_send: 0,
}

/** No rate, never a rate of zero. */
const noRates = (code: string): Json | null =>
  /^[A-Za-z]{3}$/.test(code)
    ? { __meta: { currency: { en: code, code: code.toUpperCase(), symbol: code.toUpperCase(), isoDecimals: 2 } } }
    : null

const noServiceFee: JsonObject = {
  availableFees: [{ type: 'LOW', value: '0' }],
  suggested: 'LOW',
  feeHooks: 0,
  feePercentage: 0,
}
