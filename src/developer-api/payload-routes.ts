import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { answerRefusal } from '../http/error-answer.ts'
import { bodyOf } from '../http/json-body.ts'
import { customMetaOf, detailsOf } from '../payload-wire/details.ts'
import { metaOf } from '../payload-wire/meta.ts'
import { checkCreate } from '../payload/check-create.ts'
import type { Found } from '../payload/payload-store.ts'
import type { Payloads } from '../payload/payloads.ts'
import { isRefusal, refuse, type Refusal } from '../refusals.ts'
import { isSoundText } from '../sound-text.ts'
import { readUuid } from '../uuid.ts'
import { applicationOf } from './authentication.ts'
import { createdPayload } from './created-payload.ts'

/** `/payload`: create, look at, cancel. An id that is no UUID is as unknown as any other. */
export const payloadRoutes = (
  app: FastifyInstance,
  options: { readonly payloads: Payloads; readonly publicUrl: string },
): void => {
  const { payloads } = options

  const answerDetails = (request: FastifyRequest, reply: FastifyReply, found: Found | Refusal) =>
    isRefusal(found) ? answerRefusal(reply, found) : detailsOf(found.payload, applicationOf(request), found.now)

  app.post('/payload', { config: { routeClass: 'create' } }, async (request, reply) => {
    const body = bodyOf(request)
    const input = 'refused' in body ? body : checkCreate(body.json)
    const created = isRefusal(input) ? input : await payloads.create(applicationOf(request), input)
    return isRefusal(created) ? answerRefusal(reply, created) : createdPayload(created.payload, options.publicUrl)
  })

  app.get<{ Params: { id: string } }>('/payload/:id', async (request, reply) => {
    const id = readUuid(request.params.id)
    const found = id === null ? refuse('payloadNotFound') : await payloads.fetch(applicationOf(request), id, request.id)
    return answerDetails(request, reply, found)
  })

  // a wildcard, since the official SDKs put identifiers into the path as they are, slashes included
  app.get<{ Params: { '*': string } }>('/payload/ci/*', async (request, reply) => {
    const { '*': identifier } = request.params
    const found = isSoundText(identifier)
      ? await payloads.fetchByIdentifier(applicationOf(request), identifier, request.id)
      : refuse('optionInvalid', 'The custom identifier has the character U+0000 in it.')
    return answerDetails(request, reply, found)
  })

  app.delete<{ Params: { id: string } }>('/payload/:id', async (request, reply) => {
    const id = readUuid(request.params.id)
    const found = id === null ? refuse('payloadNotFound') : await payloads.cancel(applicationOf(request), id)
    if (isRefusal(found)) return answerRefusal(reply, found)
    const { payload, now, reason } = found
    return {
      result: { cancelled: reason === 'OK', reason },
      meta: metaOf(payload, now),
      custom_meta: customMetaOf(payload),
    }
  })
}
