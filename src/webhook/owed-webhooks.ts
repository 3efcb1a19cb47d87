import { applicationEvents, type Application, type ApplicationEvent } from '../application/application.ts'
import type { Milliseconds } from '../clock.ts'
import { dispatchOf } from '../payload/lifecycle.ts'
import type { OwedDelivery } from '../payload/owed-delivery.ts'
import type { Payload } from '../payload/payload.ts'
import type { Change } from '../payload/payload-store.ts'
import type { Webhooks } from '../payload/webhooks.ts'
import { eventBody, openedByDeepLink, resolutionBody, testBody } from './body.ts'

/**
 * Which webhooks are owed, by what a change did to a payload: `resolved` for each resolution, to the webhook URL; the
 * events that the application asked for, to a URL of their own.
 *
 * `expired` is owed from the creation on, for later, and forgiven by a resolution or a cancellation before. Who opened
 * in time may still resolve an expired payload, so `resolved` may follow it.
 *
 * @param newId a random UUID
 */
export const owedWebhooks = (newId: () => string): Pick<Webhooks, 'owedByCreation' | 'owedByChange'> => {
  const owe = (delivery: Omit<OwedDelivery, 'id'>): OwedDelivery => ({ id: deliveryId(newId()), ...delivery })

  const oweResolution = (payload: Payload, application: Application, now: Milliseconds): OwedDelivery[] => {
    const url = application.webhookUrl
    const body = url === '' ? null : resolutionBody(payload, url)
    if (body === null) return []
    return [owe({ ...ownersOf(payload), event: 'resolved', url, body, dueAt: now })]
  }

  const oweEvent = (
    change: Change,
    application: Application,
    event: ApplicationEvent,
    at: Milliseconds,
  ): OwedDelivery[] => {
    const { eventsUrl: url, events } = application
    if (url === '' || !events.includes(event)) return []
    const body = eventBody(change, url, { event, at })
    return [owe({ ...ownersOf(change.payload), event, url, body, dueAt: at })]
  }

  return {
    owedByCreation: (payload, application) => oweEvent({ payload }, application, 'expired', payload.expiresAt),

    owedByChange: (before, change, application, now) => {
      const after = change.payload
      const owed = eventsBetween(before, change).flatMap((event) => oweEvent(change, application, event, now))
      if (before.outcome === null && after.outcome !== null) owed.push(...oweResolution(after, application, now))

      const expiresLater = now < after.expiresAt && !isOver(before)
      const over = expiresLater && isOver(after)
      // what is kept for the expiry says how the payload was opened, which nobody knew when it was written
      const toldAnew = expiresLater && !over && openedByDeepLink(before) !== openedByDeepLink(after)
      if (toldAnew) owed.push(...oweEvent(change, application, 'expired', after.expiresAt))
      return { owed, expiryForgiven: over || toldAnew }
    },
  }
}

/** A test event, owed at once. */
export const owedTest = (id: string, application: Application, url: string, now: Milliseconds): OwedDelivery => ({
  id: deliveryId(id),
  applicationId: application.id,
  payloadId: null,
  event: 'test',
  url,
  body: testBody(application, url, now),
  dueAt: now,
})

const deliveryId = (uuid: string): string => `msg_${uuid.replaceAll('-', '')}`

const ownersOf = ({ id, applicationId }: Payload) => ({ applicationId, payloadId: id })

/** Nothing can expire any more. */
const isOver = ({ outcome, cancelledAt }: Payload): boolean => outcome !== null || cancelledAt !== null

const eventsBetween = (before: Payload, { payload: after, refusedSignature }: Change): ApplicationEvent[] => {
  const happened: Record<Exclude<ApplicationEvent, 'expired'>, boolean> = {
    opened: before.opens.length === 0 && after.opens.length > 0,
    cancelled: before.cancelledAt === null && after.cancelledAt !== null,
    refused: refusedSignature !== undefined,
    // what the wallet reported, and what a ledger node said after it
    dispatched: dispatchOf(after) !== dispatchOf(before) && dispatchOf(after) !== null,
  }
  return applicationEvents.filter((event) => event !== 'expired' && happened[event])
}
