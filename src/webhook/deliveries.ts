import type { ApplicationStore } from '../application/application-store.ts'
import type { Clock, Milliseconds } from '../clock.ts'
import { refuse, type Refusal } from '../refusals.ts'
import type { Attempt, Delivery } from './delivery.ts'
import { readDeliveryId } from './delivery-filter.ts'
import type { DeliveryFilter, DeliveryStore } from './delivery-store.ts'
import { owedTest } from './owed-webhooks.ts'

/** What an operator can do with deliveries: the flows that the admin API and the command line call. */
export interface Deliveries {
  /** Newest first. */
  list(filter: DeliveryFilter): Promise<Delivery[]>
  /** Refuses with `notFound`. */
  show(id: string): Promise<ShownDelivery | Refusal>
  /** Owed again with the same id and body. Refuses with `notFound` or `deliveryNotRepeatable`. */
  redeliver(id: string): Promise<ShownDelivery | Refusal>
  /**
   * The same for everything that failed at or after `since`. Refuses with `notFound`: no such application.
   *
   * @param applicationId null: all applications
   * @returns how many
   */
  redeliverFailed(since: Milliseconds, applicationId: string | null): Promise<number | Refusal>
  /** A webhook about no payload, to see whether it arrives. Refuses with `notFound` or `noWebhookUrl`. */
  sendTest(applicationId: string, destination: TestDestination): Promise<ShownDelivery | Refusal>
}

export interface ShownDelivery {
  readonly delivery: Delivery
  /** In order. */
  readonly attempts: readonly Attempt[]
}

/** The application's webhook URL, or where its other events go. */
export type TestDestination = 'webhook' | 'events'

export interface DeliveriesDependencies {
  readonly store: Pick<DeliveryStore, 'list' | 'find' | 'redeliver' | 'redeliverFailed' | 'add'>
  readonly applications: Pick<ApplicationStore, 'find'>
  /** A new random UUID. */
  readonly newId: () => string
  readonly clock: Clock
  /** Told after the commit that something is due. */
  readonly wake: () => void
}

export const createDeliveries = (dependencies: DeliveriesDependencies): Deliveries => {
  const { store, applications, newId, clock, wake } = dependencies
  const show = async (id: string): Promise<ShownDelivery | Refusal> =>
    (readDeliveryId(id) === null ? null : await store.find(id)) ?? refuse('notFound')

  return {
    list: (filter) => store.list(filter),

    show,

    redeliver: async (id) => {
      const known = await show(id)
      if ('refused' in known) return known
      if (!(await store.redeliver(id))) return refuse('deliveryNotRepeatable')
      wake()
      return show(id)
    },

    redeliverFailed: async (since, applicationId) => {
      if (applicationId !== null && (await applications.find(applicationId)) === null) return refuse('notFound')
      const redelivered = await store.redeliverFailed(since, applicationId)
      if (redelivered > 0) wake()
      return redelivered
    },

    sendTest: async (applicationId, destination) => {
      const application = await applications.find(applicationId)
      if (application === null) return refuse('notFound')
      const url = destination === 'webhook' ? application.webhookUrl : application.eventsUrl
      if (url === '') return refuse('noWebhookUrl', `This application has no ${destination} URL.`)
      const test = owedTest(newId(), application, url, clock.now())
      await store.add(test)
      wake()
      return show(test.id)
    },
  }
}
