import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import { addRoute } from '../http/route.ts'
import { isRefusal, refuse } from '../refusals.ts'
import { readUuid } from '../uuid.ts'
import type { Deliveries } from '../webhook/deliveries.ts'
import { ShownDeliveryView, shownDeliveryView } from './delivery-view.ts'

const TestEvent = Type.Object({
  /** Left out: the webhook URL. */
  to: Type.Optional(Type.Union([Type.Literal('webhook'), Type.Literal('events')])),
})

/** `/applications/<key>/test-event`: sends a webhook that is about no payload. */
export const addTestEventRoute = (app: FastifyInstance, { deliveries }: { readonly deliveries: Deliveries }): void =>
  addRoute(app, {
    method: 'POST',
    url: '/applications/:id/test-event',
    body: { schema: TestEvent, refusal: 'optionInvalid' },
    answer: ShownDeliveryView,
    handle: async ({ request, body }) => {
      const id = readUuid((request.params as { id: string }).id)
      const sent = id === null ? refuse('notFound') : await deliveries.sendTest(id, body.to ?? 'webhook')
      return isRefusal(sent) ? sent : shownDeliveryView(sent)
    },
  })
