import type { Applications } from '../application/applications.ts'
import type { ApplicationStore } from '../application/application-store.ts'
import type { Clock, Milliseconds } from '../clock.ts'
import { attemptHeaders } from './attempt-headers.ts'
import { isSuccess, type AttemptResult } from './attempt-result.ts'
import type { MakeAttempt } from './attempt.ts'
import type { EndedAttempt } from './deliverer.ts'
import type { Attempt } from './delivery.ts'
import type { ClaimedDelivery } from './delivery-store.ts'
import { nextStep } from './next-step.ts'
import { outcomeWords } from './outcome-words.ts'

export interface DeliveryAttemptDependencies {
  readonly makeAttempt: MakeAttempt
  readonly applications: Pick<ApplicationStore, 'find'>
  readonly secrets: Pick<Applications, 'readSecrets'>
  readonly clock: Clock
  /** Between one attempt and the next. */
  readonly waits: readonly Milliseconds[]
  /** Of one attempt; said when it ran out. */
  readonly timeLimit: Milliseconds
  /** For metrics. */
  readonly onAttempt: (attempt: Attempt) => void
}

/** One attempt of a delivery, from the signing to what follows; null when the server stopped before it ended. */
export const deliveryAttempter =
  ({ makeAttempt, applications, secrets, clock, waits, timeLimit, onAttempt }: DeliveryAttemptDependencies) =>
  async (delivery: ClaimedDelivery, stop: AbortSignal): Promise<EndedAttempt | null> => {
    const { applicationId, url, body } = delivery
    const [application, known] = await Promise.all([
      applications.find(applicationId),
      secrets.readSecrets(applicationId),
    ])
    if (application === null || known === null) throw new Error(`delivery ${delivery.id} is of no application`)
    const { requireHttps, honourRetryAfter, endOnGone } = application

    const number = delivery.attempts + 1
    const startedAt = clock.now()
    const headers = attemptHeaders(delivery, number, known, startedAt)
    const result = await makeAttempt({ url, headers, body, requireHttps }, stop)
    if (result.stage === 'stopped') return null

    const endedAt = clock.now()
    const attempt = {
      ...attemptOf(delivery, result, timeLimit),
      number,
      startedAt,
      duration: Math.max(0, endedAt - startedAt),
    }
    onAttempt(attempt)
    const next = nextStep(result, delivery.attemptsThisRound, { waits, honourRetryAfter, endOnGone }, endedAt)
    return { attempt, next }
  }

const attemptOf = (
  { id, trigger }: ClaimedDelivery,
  result: Exclude<AttemptResult, { stage: 'stopped' }>,
  timeLimit: Milliseconds,
): Omit<Attempt, 'number' | 'startedAt' | 'duration'> => ({
  deliveryId: id,
  trigger,
  status: result.stage === 'answered' ? result.status : null,
  outcome: outcomeWords(result, timeLimit),
  succeeded: isSuccess(result),
  response: result.stage === 'answered' ? result.response : null,
})
