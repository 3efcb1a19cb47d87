import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isValidClassicAddress } from 'ripple-address-codec'
import Type from 'typebox'
import { addRoute } from '../http/route.ts'
import type { Json, JsonObject } from '../json.ts'
import { railsOf } from '../payload-wire/rails.ts'
import { refuse, type Refusal } from '../refusals.ts'
import { readUuid } from '../uuid.ts'
import { soundObjectOf } from './sound-body.ts'

const rails = railsOf()

const curatedAssets = { issuers: [], currencies: [], details: {} }

/** Keys: XRPL-Labs/XUMM-SDK, src/types/Meta/KycStatusResponse.ts. */
const kycStatus = {
  kycStatus: 'NONE',
  possibleStatuses: {
    NONE: 'No verification was started',
    IN_PROGRESS: 'The verification has not ended yet',
    REJECTED: 'The verification failed',
    SUCCESSFUL: 'The verification succeeded',
  },
}

/** Source: XRPL-Labs/XUMM-SDK, src/types/Meta/HookHash.ts. */
const hook = {
  name: '',
  description: '',
  creator: {},
  xapp: '',
  appuuid: '',
  icon: '',
  verifiedAccounts: [],
  audits: [],
}

/** Source: XRPL-Labs/XUMM.NET.SDK, src/XUMM.NET.SDK/Models/Misc/AccountMeta/XummAccountMetaResponse.cs. */
const accountMeta = {
  kycApproved: false,
  xummPro: false,
  blocked: false,
  force_dtag: false,
  avatar: null,
  xummProfile: { accountAlias: null, ownerAlias: null },
  thirdPartyProfiles: [],
  globalid: { linked: null, profileUrl: null },
}

/** The .NET SDK reads `kycApproved`, the PHP SDK `kycStatus`. */
const kycOfAccount = { kycApproved: false, kycStatus: 'NONE' }

type Answer = (request: FastifyRequest) => Json | Refusal

const always =
  (answer: Json): Answer =>
  () =>
    answer

const aboutAccount =
  (answer: JsonObject): Answer =>
  (request) => {
    const { account } = request.params as { account: string }
    return isValidClassicAddress(account) ? { account, ...answer } : refuse('notFound')
  }

const aboutHook: Answer = (request) =>
  /^[0-9a-f]{64}$/i.test((request.params as { hash: string }).hash) ? hook : refuse('notFound')

const aboutUser: Answer = (request) => {
  const body = soundObjectOf(request)
  if ('refused' in body) return body
  return readUuid(body.object['user_token']) === null
    ? refuse('optionInvalid', 'user_token must be a UUID.')
    : kycStatus
}

const aboutCurrency: Answer = () => refuse('notFound', 'This server has no source of exchange rates.')

type Row = readonly [method: 'GET' | 'POST', url: string, answer: Answer]

/** Asked with credentials. */
const answers: readonly Row[] = [
  ['GET', '/rails', always(rails)],
  ['GET', '/curated-assets', always(curatedAssets)],
  ['POST', '/kyc-status', aboutUser],
  ['GET', '/hookhash', always({})],
  ['GET', '/hookhash/:hash', aboutHook],
  ['GET', '/account-meta/:account', aboutAccount(accountMeta)],
  ['GET', '/rates/:currency', aboutCurrency],
]

/** Asked without, by the .NET SDK. */
const openAnswers: readonly Row[] = [['GET', '/kyc-status/:account', aboutAccount(kycOfAccount)]]

/** What the hosted platform knows about networks, assets and people: here the networks; the rest well-formed, but empty. */
export const addOperatorDataRoutes = (app: FastifyInstance): void => addAnswers(app, answers)

/** The part of it that needs no credentials. */
export const addOpenOperatorDataRoutes = (app: FastifyInstance): void => addAnswers(app, openAnswers)

const addAnswers = (app: FastifyInstance, rows: readonly Row[]): void => {
  for (const [method, url, answer] of rows) {
    addRoute(app, {
      method,
      url,
      answer: Type.Unsafe<Json>({}),
      handle: async ({ request }) => answer(request),
    })
  }
}
