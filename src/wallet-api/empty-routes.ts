import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import { addRoute } from '../http/route.ts'
import type { Json, JsonObject } from '../json.ts'
import { railsOf } from '../payload-wire/rails.ts'
import { refuse } from '../refusals.ts'
import type { Admission } from './admission.ts'

/** Of the path's parameter, where it has one; null: 404. */
type Answer = (parameter: string) => Json | null

/** In the form of an address; whether its checksum holds is for the wallet to know. */
const accountForm = /^r[1-9A-HJ-NP-Za-km-z]{24,34}$/

const aboutAccount =
  (nothing: JsonObject): Answer =>
  (account) =>
    accountForm.test(account) ? { account, ...nothing } : null

const advisory = aboutAccount({ danger: 'UNKNOWN', force_dtag: false, confirmations: {} })

const information = aboutAccount({
  name: null,
  domain: '',
  blocked: false,
  source: '',
  force_dtag: false,
  kycApproved: false,
  proSubscription: false,
  xapp_identifier: null,
  no_direct_send: 0,
})

const curatedIous = { version: 0, changed: false, network: '', issuers: [], currencies: [], details: {} }

/** No rate, never a rate of zero. */
const rates: Answer = (currency) => {
  if (!/^[A-Za-z]{3}$/.test(currency)) return null
  const code = currency.toUpperCase()
  return { __meta: { currency: { en: code, code, symbol: code, isoDecimals: 2 } } }
}

const currencies: Answer = (locale) => ({ locale, currencies: { popular: {} } })

const serviceFee = {
  availableFees: [{ type: 'LOW', value: '0' }],
  suggested: 'LOW',
  feeHooks: 0,
  feePercentage: 0,
}

/** Not empty: what `force_network` may name is known. */
const rails = railsOf()

/**
 * What the wallet asks and we have nothing to say to: well-formed, and empty. Each answer has what the wallet reads.
 * Source: XRPL-Labs/Xaman-App, typings/xaman-backend/index.d.ts and src/services/BackendService.ts.
 */
const emptyAnswers: readonly (readonly ['GET' | 'POST', string, Answer])[] = [
  ['GET', '/account-advisory/:parameter', advisory],
  ['GET', '/account-info/:parameter', information],
  ['GET', '/curated-ious', () => curatedIous],
  ['GET', '/rates/:parameter', rates],
  ['GET', '/rails', () => rails],
  ['GET', '/currencies/:parameter', currencies],
  ['POST', '/get-service-fee', () => serviceFee],
  ['POST', '/add-tx', () => ({ done: true })],
  ['POST', '/signed-tx-blob', () => ({ done: true })],
]

export const addEmptyRoutes = (app: FastifyInstance, { device }: Admission): void => {
  for (const [method, url, answer] of emptyAnswers) {
    addRoute(app, {
      method,
      url,
      admit: device,
      answer: Type.Unsafe<Json>({}),
      handle: async ({ request }) => {
        const { parameter = '' } = request.params as { parameter?: string }
        return answer(parameter) ?? refuse('notFound')
      },
    })
  }
}
