import Type, { type Static } from 'typebox'
import { isoTime } from '../payload-wire/iso-time.ts'
import type { Attempt, Delivery } from '../webhook/delivery.ts'
import type { ShownDelivery } from '../webhook/deliveries.ts'

/** Deliveries as operators see them: in answers of the admin API, and where the command line prints JSON. */

const orNull = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])

const deliveryFields = {
  id: Type.String(),
  application_uuidv4: Type.String(),
  payload_uuidv4: orNull(Type.String()),
  event: Type.String(),
  url: Type.String(),
  state: Type.Union([Type.Literal('owed'), Type.Literal('delivered'), Type.Literal('failed')]),
  created_at: Type.String(),
  due_at: orNull(Type.String()),
  attempt_count: Type.Integer(),
}
export const DeliveryView = Type.Object(deliveryFields)

/** With the exact text that is sent. */
const WholeDeliveryView = Type.Object({ ...deliveryFields, body: Type.String() })

const AttemptView = Type.Object({
  number: Type.Integer(),
  trigger: Type.Union([Type.Literal('scheduled'), Type.Literal('manual')]),
  started_at: Type.String(),
  duration_ms: Type.Integer(),
  status: orNull(Type.Integer()),
  outcome: Type.String(),
  succeeded: Type.Boolean(),
  response: orNull(Type.String()),
})

export const ShownDeliveryView = Type.Object({ delivery: WholeDeliveryView, attempts: Type.Array(AttemptView) })

export const deliveryView = (delivery: Delivery): Static<typeof DeliveryView> => ({
  id: delivery.id,
  application_uuidv4: delivery.applicationId,
  payload_uuidv4: delivery.payloadId,
  event: delivery.event,
  url: delivery.url,
  state: delivery.state,
  created_at: isoTime(delivery.createdAt),
  due_at: delivery.dueAt === null ? null : isoTime(delivery.dueAt),
  attempt_count: delivery.attempts,
})

const attemptView = (attempt: Attempt): Static<typeof AttemptView> => ({
  number: attempt.number,
  trigger: attempt.trigger,
  started_at: isoTime(attempt.startedAt),
  duration_ms: Math.round(attempt.duration),
  status: attempt.status,
  outcome: attempt.outcome,
  succeeded: attempt.succeeded,
  response: attempt.response,
})

export const shownDeliveryView = ({ delivery, attempts }: ShownDelivery): Static<typeof ShownDeliveryView> => ({
  delivery: { ...deliveryView(delivery), body: delivery.body },
  attempts: attempts.map(attemptView),
})
