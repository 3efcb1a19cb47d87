import type { FastifyInstance } from 'fastify'
import Type, { type Static } from 'typebox'
import type { ApplicationStore } from '../application/application-store.ts'
import { addRoute } from '../http/route.ts'
import { isJsonObject, type Json } from '../json.ts'
import { refuse, type Refusal } from '../refusals.ts'
import { readUuid } from '../uuid.ts'
import { applicationOf } from './authentication.ts'
import { soundBodyOf } from './sound-body.ts'

/** Tokens in one call. */
const tokenLimit = 500

/** Times are Unix seconds, each under both of the names that SDKs know it by. */
const TokenValidity = Type.Object({
  user_token: Type.String(),
  active: Type.Boolean(),
  issued: Type.Integer(),
  expires: Type.Integer(),
  token_issued: Type.Integer(),
  token_expiration: Type.Integer(),
})
const TokenValidities = Type.Object({ tokens: Type.Array(TokenValidity) })

/** `/user-tokens`, `/user-token`: are the tokens that users gave this application still worth something? */
export const addUserTokenRoutes = (
  app: FastifyInstance,
  { applicationStore }: { readonly applicationStore: Pick<ApplicationStore, 'findUserToken'> },
): void => {
  const verify = async (applicationId: string, token: string): Promise<Static<typeof TokenValidity>> => {
    const id = readUuid(token)
    const known = id === null ? null : await applicationStore.findUserToken(applicationId, id)
    const issued = Math.floor((known?.issuedAt ?? 0) / 1000)
    const expires = Math.floor((known?.expiresAt ?? 0) / 1000)
    const active = known?.active ?? false
    return { user_token: token, active, issued, expires, token_issued: issued, token_expiration: expires }
  }

  addRoute(app, {
    method: 'POST',
    url: '/user-tokens',
    answer: TokenValidities,
    handle: async ({ request }) => {
      const body = soundBodyOf(request)
      const asked = 'refused' in body ? body : readTokens(body.json)
      if ('refused' in asked) return asked
      const tokens = []
      // one after the other: a long list takes one database connection, not all of them
      for (const token of asked.tokens) tokens.push(await verify(applicationOf(request).id, token))
      return { tokens }
    },
  })

  addRoute(app, {
    method: 'GET',
    url: '/user-token/:token',
    answer: TokenValidities,
    handle: async ({ request }) => {
      const { token } = request.params as { token: string }
      return readUuid(token) === null
        ? refuse('notFound')
        : { tokens: [await verify(applicationOf(request).id, token)] }
    },
  })
}

/** `{tokens: […]}`, or the bare array that the Python SDK sends. */
const readTokens = (body: Json | undefined): { readonly tokens: readonly string[] } | Refusal => {
  if (body === undefined || !(Array.isArray(body) || isJsonObject(body))) return refuse('bodyNotJson')
  const tokens = Array.isArray(body) ? body : (body['tokens'] ?? null)
  const areTexts = Array.isArray(tokens) && tokens.every((token) => typeof token === 'string')
  return areTexts && tokens.length <= tokenLimit
    ? { tokens }
    : refuse('optionInvalid', `tokens must be an array of at most ${tokenLimit} user tokens.`)
}
