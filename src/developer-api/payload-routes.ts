import type { FastifyInstance, FastifyRequest } from 'fastify'
import Type from 'typebox'
import { bodyOf } from '../http/json-body.ts'
import { addRoute } from '../http/route.ts'
import { CustomMeta, customMetaOf, Details, detailsOf } from '../payload-wire/details.ts'
import { Meta, metaOf } from '../payload-wire/meta.ts'
import { checkCreate } from '../payload/check-create.ts'
import type { Found } from '../payload/payload-store.ts'
import type { Payloads } from '../payload/payloads.ts'
import { isRefusal, refuse, type Refusal } from '../refusals.ts'
import { isSoundText } from '../sound-text.ts'
import { readUuid } from '../uuid.ts'
import { applicationOf } from './authentication.ts'
import { CreatedPayload, createdPayload } from './created-payload.ts'

const Cancellation = Type.Object({
  result: Type.Object({ cancelled: Type.Boolean(), reason: Type.String() }),
  meta: Meta,
  custom_meta: CustomMeta,
})

/** `/payload`: create, look at, cancel. An id that is no UUID is as unknown as any other. */
export const addPayloadRoutes = (
  app: FastifyInstance,
  options: { readonly payloads: Payloads; readonly publicUrl: string },
): void => {
  const { payloads } = options
  const describe = (request: FastifyRequest, found: Found | Refusal): Details | Refusal =>
    isRefusal(found) ? found : detailsOf(found.payload, applicationOf(request), found.now)

  addRoute(app, {
    method: 'POST',
    url: '/payload',
    config: { routeClass: 'create' },
    answer: CreatedPayload,
    handle: async ({ request }) => {
      const body = bodyOf(request)
      const input = 'refused' in body ? body : checkCreate(body.json)
      const created = isRefusal(input) ? input : await payloads.create(applicationOf(request), input)
      return isRefusal(created) ? created : createdPayload(created.payload, options.publicUrl)
    },
  })

  addRoute(app, {
    method: 'GET',
    url: '/payload/:id',
    answer: Details,
    handle: async ({ request, callId }) => {
      const id = payloadIdOf(request)
      return id === null
        ? refuse('payloadNotFound')
        : describe(request, await payloads.fetch(applicationOf(request), id, callId))
    },
  })

  addRoute(app, {
    method: 'GET',
    // a wildcard, since the official SDKs put identifiers into the path as they are, slashes included
    url: '/payload/ci/*',
    answer: Details,
    handle: async ({ request, callId }) => {
      const { '*': identifier } = request.params as { '*': string }
      return isSoundText(identifier)
        ? describe(request, await payloads.fetchByIdentifier(applicationOf(request), identifier, callId))
        : refuse('optionInvalid', 'The custom identifier has the character U+0000 in it.')
    },
  })

  addRoute(app, {
    method: 'DELETE',
    url: '/payload/:id',
    answer: Cancellation,
    handle: async ({ request }) => {
      const id = payloadIdOf(request)
      const found = id === null ? refuse('payloadNotFound') : await payloads.cancel(applicationOf(request), id)
      if (isRefusal(found)) return found
      const { payload, now, reason } = found
      return {
        result: { cancelled: reason === 'OK', reason },
        meta: metaOf(payload, now),
        custom_meta: customMetaOf(payload),
      }
    },
  })
}

const payloadIdOf = (request: FastifyRequest): string | null => readUuid((request.params as { id: string }).id)
