import type { Milliseconds } from '../clock.ts'
import { startPeriodicTask, type PeriodicTask } from '../periodic-task.ts'
import type { FlowDependencies } from './flow-dependencies.ts'
import { askForFollowedTransactions } from './followed-transactions.ts'
import { repeatPendingChecks } from './pending-checks.ts'

/** Named as the table of settings names them. */
export interface AskingSettings {
  readonly pendingCheckInterval: Milliseconds
  readonly followInterval: Milliseconds
}

/** Asks ledger nodes again and again what they owe an answer to: signatures that wait, and submitted transactions. */
export const startAskingLedgerNodes = (
  flows: FlowDependencies,
  { pendingCheckInterval, followInterval }: AskingSettings,
  logFault: (what: string) => (fault: unknown) => void,
): Pick<PeriodicTask, 'stop'> => {
  const pendingChecks = startPeriodicTask(
    async () => {
      // what piled up while no node answered is worked off without a pause
      if (await repeatPendingChecks(flows, pendingCheckInterval)) pendingChecks.wake()
    },
    pendingCheckInterval,
    logFault('repeating checks that wait for a ledger node'),
  )
  const followedTransactions = startPeriodicTask(
    async () => {
      if (await askForFollowedTransactions(flows, followInterval)) followedTransactions.wake()
    },
    followInterval,
    logFault('asking what became of submitted transactions'),
  )
  return {
    stop: async () => {
      await Promise.all([pendingChecks.stop(), followedTransactions.stop()])
    },
  }
}
