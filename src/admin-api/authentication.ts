import type { FastifyInstance } from 'fastify'
import { isSame, sha256 } from '../device/secret.ts'
import { answerRefusal } from '../http/error-answer.ts'
import { failuresOf, type FailedAuthentications } from '../http/failed-authentications.ts'
import { answerRateLimited } from '../http/rate-limited.ts'
import { refuse, type Refusal } from '../refusals.ts'

/** Lets through only `Authorization: Bearer <the admin token>`, before the body is read; nobody without a token. */
export const authenticateOperators = (
  app: FastifyInstance,
  options: { readonly token: string | null; readonly failedAuthentications: FailedAuthentications | null },
): void => {
  const { token, failedAuthentications } = options
  app.addHook('onRequest', async (request, reply) => {
    if (token === null) return answerRefusal(reply, refuse('adminApiOff'))
    const failures = failuresOf(failedAuthentications, request.raw)
    if (failures?.allowance.allowed === false) return answerRateLimited(reply, failures.allowance)
    const refusal = checkBearer(request.headers.authorization, token)
    if (refusal === null) return undefined
    failures?.count()
    return answerRefusal(reply.header('www-authenticate', 'Bearer'), refusal)
  })
}

const checkBearer = (header: string | undefined, token: string): Refusal | null => {
  const given = /^Bearer +(\S+) *$/i.exec(header ?? '')?.[1]
  if (given === undefined) return refuse('adminTokenMissing')
  // hashed, so that not even the length of the token shows in the time that this takes
  return isSame(sha256(given), sha256(token)) ? null : refuse('adminTokenWrong')
}
