import type { FastifyInstance, FastifyRequest } from 'fastify'
import Type from 'typebox'
import { addRoute } from '../http/route.ts'
import { isRefusal, refuse, type Refusal } from '../refusals.ts'
import { readUuid } from '../uuid.ts'
import type { Deliveries, ShownDelivery } from '../webhook/deliveries.ts'
import { readDeliveryFilter, type AskedFilter } from '../webhook/delivery-filter.ts'
import { DeliveryView, deliveryView, ShownDeliveryView, shownDeliveryView } from './delivery-view.ts'
import { readTime } from './time.ts'

const DeliveryPage = Type.Object({
  deliveries: Type.Array(DeliveryView),
  /** `before` of the next page; null when this is the last. */
  next: Type.Union([Type.String(), Type.Null()]),
})
const FailedSince = Type.Object({ since: Type.String(), application: Type.Optional(Type.String()) })
const Redelivered = Type.Object({ redelivered: Type.Integer() })

/** `/deliveries`: webhooks, owed, delivered and failed, with every attempt, and how to repeat them. */
export const addDeliveryRoutes = (app: FastifyInstance, { deliveries }: { readonly deliveries: Deliveries }): void => {
  addRoute(app, {
    method: 'GET',
    url: '/deliveries',
    answer: DeliveryPage,
    handle: async ({ request }) => {
      const filter = readDeliveryFilter(request.query as AskedFilter)
      if (isRefusal(filter)) return filter
      const page = await deliveries.list(filter)
      const isFull = page.length === filter.limit
      return { deliveries: page.map(deliveryView), next: isFull ? (page.at(-1)?.id ?? null) : null }
    },
  })

  addRoute(app, {
    method: 'GET',
    url: '/deliveries/:id',
    answer: ShownDeliveryView,
    handle: async ({ request }) => shown(await deliveries.show(idOf(request))),
  })

  addRoute(app, {
    method: 'POST',
    url: '/deliveries/:id/redeliver',
    answer: ShownDeliveryView,
    handle: async ({ request }) => shown(await deliveries.redeliver(idOf(request))),
  })

  addRoute(app, {
    method: 'POST',
    url: '/deliveries/redeliver-failed',
    body: { schema: FailedSince, refusal: 'optionInvalid' },
    answer: Redelivered,
    handle: async ({ body }) => {
      const since = readTime(body.since)
      if (since === null) {
        return refuse(
          'optionInvalid',
          'since must be a time in ISO 8601 with its offset, such as 2026-01-31T12:00:00Z.',
        )
      }
      const application = body.application === undefined ? null : readUuid(body.application)
      if (application === null && body.application !== undefined) return refuse('notFound')
      const redelivered = await deliveries.redeliverFailed(since, application)
      return isRefusal(redelivered) ? redelivered : { redelivered }
    },
  })
}

const idOf = (request: FastifyRequest): string => (request.params as { id: string }).id

const shown = (answer: ShownDelivery | Refusal) => (isRefusal(answer) ? answer : shownDeliveryView(answer))
