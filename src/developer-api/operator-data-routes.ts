import type { FastifyInstance } from 'fastify'
import { isValidClassicAddress } from 'ripple-address-codec'
import { answerRefusal } from '../http/error-answer.ts'
import { objectBodyOf } from '../http/json-body.ts'
import { railsOf } from '../payload-wire/rails.ts'
import { refuse } from '../refusals.ts'
import { readUuid } from '../uuid.ts'

/** Keys: XRPL-Labs/XUMM-SDK, src/types/Meta/KycStatusResponse.ts. */
const possibleStatuses = {
  NONE: 'No verification was started',
  IN_PROGRESS: 'The verification has not ended yet',
  REJECTED: 'The verification failed',
  SUCCESSFUL: 'The verification succeeded',
}

/** What the hosted platform knows about networks, assets and people: here the networks; the rest well-formed, but empty. */
export const operatorDataRoutes = (app: FastifyInstance): void => {
  const rails = railsOf()
  app.get('/rails', async () => rails)

  app.get('/curated-assets', async () => ({ issuers: [], currencies: [], details: {} }))

  app.post('/kyc-status', async (request, reply) => {
    const body = objectBodyOf(request)
    if ('refused' in body) return answerRefusal(reply, body)
    if (readUuid(body.object['user_token']) === null) {
      return answerRefusal(reply, refuse('optionInvalid', 'user_token must be a UUID.'))
    }
    return { kycStatus: 'NONE', possibleStatuses }
  })

  app.get('/hookhash', async () => ({}))

  app.get<{ Params: { hash: string } }>('/hookhash/:hash', async (request, reply) =>
    /^[0-9a-f]{64}$/i.test(request.params.hash)
      ? { name: '', description: '', creator: {}, xapp: '', appuuid: '', icon: '', verifiedAccounts: [], audits: [] }
      : answerRefusal(reply, refuse('notFound')),
  )

  app.get<{ Params: { account: string } }>('/account-meta/:account', async (request, reply) => {
    const { account } = request.params
    if (!isValidClassicAddress(account)) return answerRefusal(reply, refuse('notFound'))
    return {
      account,
      kycApproved: false,
      xummPro: false,
      blocked: false,
      force_dtag: false,
      avatar: null,
      xummProfile: { accountAlias: null, ownerAlias: null },
      thirdPartyProfiles: [],
      globalid: { linked: null, profileUrl: null },
    }
  })

  app.get('/rates/:currency', async (_request, reply) =>
    answerRefusal(reply, refuse('notFound', 'This server has no source of exchange rates.')),
  )
}

/** Asked without credentials by the .NET SDK. The PHP SDK reads `kycStatus` here, the others `kycApproved`. */
export const publicOperatorDataRoutes = (app: FastifyInstance): void => {
  app.get<{ Params: { account: string } }>('/kyc-status/:account', async (request, reply) => {
    const { account } = request.params
    return isValidClassicAddress(account)
      ? { account, kycApproved: false, kycStatus: 'NONE' }
      : answerRefusal(reply, refuse('notFound'))
  })
}
