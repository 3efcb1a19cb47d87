import { randomUUID } from 'node:crypto'
import type { Applications } from '../application/applications.ts'
import type { ApplicationStore } from '../application/application-store.ts'
import type { Clock, Milliseconds } from '../clock.ts'
import { startPeriodicTask } from '../periodic-task.ts'
import { createAddressPolicy } from './address-policy.ts'
import { attemptMaker } from './attempt.ts'
import { deliveryAttempter } from './attempt-delivery.ts'
import { Deliverer } from './deliverer.ts'
import type { Attempt } from './delivery.ts'
import type { DeliveryStore } from './delivery-store.ts'

/** Named as the table of settings names them; times in milliseconds. */
export interface DeliverySettings {
  /** Networks that may be reached although they are not public. */
  readonly webhookAllow: readonly string[]
  readonly webhookWaits: readonly Milliseconds[]
  readonly webhookTimeLimit: Milliseconds
  readonly webhookLease: Milliseconds
  readonly webhookConcurrency: number
  readonly webhookConcurrencyPerApplication: number
  readonly webhookInterval: Milliseconds
  readonly webhookAttemptsKept: Milliseconds
}

export interface DeliveringDependencies {
  readonly store: DeliveryStore
  readonly applications: Pick<ApplicationStore, 'find'>
  readonly secrets: Pick<Applications, 'readSecrets'>
  readonly clock: Clock
  readonly settings: DeliverySettings
  readonly onAttempt: (attempt: Attempt) => void
  readonly onFault: (fault: unknown) => void
}

export interface Delivering {
  /** Something became due. */
  wake(): void
  /** Waits for the attempts under way; what is not done within the grace is given back. */
  stop(grace: Milliseconds): Promise<void>
}

const forgettingInterval: Milliseconds = 10 * 60 * 1000
const forgottenAtOnce = 1_000

/** The webhook side of one node: works off what is owed, and forgets attempts that nobody looks at any more. */
export const startDelivering = (dependencies: DeliveringDependencies): Delivering => {
  const { store, settings, onFault, ...others } = dependencies
  const { webhookAllow, webhookWaits, webhookTimeLimit, webhookAttemptsKept } = settings
  const deliverer = new Deliverer({
    store,
    attempt: deliveryAttempter({
      ...others,
      makeAttempt: attemptMaker({ policy: createAddressPolicy(webhookAllow), timeLimit: webhookTimeLimit }),
      waits: webhookWaits,
      timeLimit: webhookTimeLimit,
    }),
    settings: {
      concurrency: settings.webhookConcurrency,
      concurrencyPerApplication: settings.webhookConcurrencyPerApplication,
      lease: settings.webhookLease,
      interval: settings.webhookInterval,
    },
    newId: randomUUID,
    onFault,
  })
  const forgetting = startPeriodicTask(
    async () => {
      if ((await store.forgetAttempts(webhookAttemptsKept, forgottenAtOnce)) === forgottenAtOnce) forgetting.wake()
    },
    forgettingInterval,
    onFault,
  )
  return {
    wake: () => deliverer.wake(),
    stop: async (grace) => {
      await Promise.all([deliverer.stop(grace), forgetting.stop()])
    },
  }
}
