import type { Issued } from '../../src/application/applications.ts'
import { readConfiguration } from '../../src/configuration/configuration.ts'
import { openFoundation } from '../../src/foundation.ts'
import { isRefusal } from '../../src/refusals.ts'
import { deliveryStore } from '../../src/storage/delivery-store.ts'
import { insertDeliveries } from '../../src/storage/delivery-table.ts'
import type { DeliveryStore } from '../../src/webhook/delivery-store.ts'
import { payloadId } from './payload-id.ts'
import type { Credentials, PreparedDatabase } from './prepared-database.ts'

/** What is done to a database beside its servers, as the command line does it. */
export interface Beside {
  readonly addApplication: (webhookUrl: string) => Promise<{ readonly id: string; readonly credentials: Credentials }>
  /** Webhooks that have been due since long ago, so many from this number on. */
  readonly owe: (
    application: { readonly id: string; readonly webhookUrl: string },
    from: number,
    count: number,
  ) => Promise<void>
  readonly deliveries: DeliveryStore
}

/** As long as the webhook of a resolution. */
const body = JSON.stringify({ meta: {}, custom_meta: {}, payloadResponse: {}, padding: 'x'.repeat(700) })
/** Rows of one statement. */
const batch = 500

export const beside = async <T>(
  { environment }: PreparedDatabase,
  work: (beside: Beside) => Promise<T>,
): Promise<T> => {
  const foundation = await openFoundation(readConfiguration('dev', environment))
  const { applications, database } = foundation
  try {
    return await work({
      addApplication: async (webhookUrl) => {
        const issued = await applications.create({ name: 'Bench', webhookUrl })
        if (isRefusal(issued)) throw new Error(`the application was refused: ${issued.refused}`)
        return { id: issued.application.id, credentials: credentialsOf(issued) }
      },
      owe: async ({ id, webhookUrl }, from, count) => {
        const owed = Array.from({ length: count }, (_, n) => ({
          id: `msg_${payloadId(from + n)}`,
          applicationId: id,
          payloadId: null,
          event: 'test' as const,
          url: webhookUrl,
          body,
          dueAt: 0,
        }))
        for (let at = 0; at < count; at += batch) {
          await database.write((db) => insertDeliveries(db, owed.slice(at, at + batch), 0))
        }
      },
      deliveries: deliveryStore(database),
    })
  } finally {
    await foundation.close()
  }
}

const credentialsOf = ({ application, apiSecret }: Issued): Credentials => ({
  'x-api-key': application.id,
  'x-api-secret': apiSecret,
})
