import type { Application } from '../application/application.ts'
import type { Milliseconds } from '../clock.ts'
import type { Debts, OwedDelivery } from './owed-delivery.ts'
import type { Payload } from './payload.ts'
import type { Change } from './payload-store.ts'

/** Who knows which webhooks are owed; the first two are pure, and run inside the transaction of the change. */
export interface Webhooks {
  /** An `expired` event for later, if the application asked for it. */
  owedByCreation(payload: Payload, application: Application): readonly OwedDelivery[]
  owedByChange(before: Payload, change: Change, application: Application, now: Milliseconds): Debts
  /** Told after the commit that something is due. Neither waits nor throws. */
  wake(): void
}
