import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify'
import { DatabaseUnavailable } from '../database-unavailable.ts'
import { describeRefusal, refuse, type Refusal } from '../refusals.ts'

/** The error body of both APIs. Never a top-level `message`: the official SDKs take that for a fatal error. */
export interface ErrorBody {
  readonly error: { readonly reference: string; readonly code: number; readonly message: string }
}

export const errorBody = (refusal: Refusal, callId: string): ErrorBody => {
  const { code, message } = describeRefusal(refusal)
  return { error: { reference: callId, code, message } }
}

export const answerRefusal = (reply: FastifyReply, refusal: Refusal): FastifyReply =>
  reply.code(describeRefusal(refusal).status).send(errorBody(refusal, reply.request.id))

/**
 * Answers what fastify refuses by itself and every fault, for this instance and those below it. A fault's detail goes
 * to the log under the call's reference; the body stays neutral.
 */
export const answerErrors = (app: FastifyInstance): void => {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const refusal = refusalOf(error)
    if (describeRefusal(refusal).status >= 500) {
      request.log.error({ err: error, reference: request.id }, 'request failed')
    }
    return answerRefusal(reply, refusal)
  })
}

const refusalOf = (error: FastifyError): Refusal => {
  if (error instanceof DatabaseUnavailable) return refuse('unavailable')
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return refuse('bodyTooLarge')
  // a body cut short, or of another length than announced
  if (error.statusCode === 400) return refuse('bodyNotJson', 'The body could not be read to its end.')
  return refuse('internal')
}
