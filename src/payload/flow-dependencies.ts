import type { ApplicationStore } from '../application/application-store.ts'
import type { LedgerNodes } from '../ledger/ledger-nodes.ts'
import type { Verifier } from '../ledger/verify.ts'
import type { RefusalReason } from '../refusals.ts'
import type { Facts } from './facts.ts'
import type { PayloadStore } from './payload-store.ts'
import type { Webhooks } from './webhooks.ts'

/** What the flows need from outside; the composition root gives it. */
export interface FlowDependencies {
  readonly payloads: PayloadStore
  readonly applications: Pick<ApplicationStore, 'findUserToken'>
  readonly verifier: Verifier
  /** Asked what became of submitted transactions; null when no node is configured. */
  readonly ledgerNodes: Pick<LedgerNodes, 'nodeFor'> | null
  readonly announcer: Announcer
  readonly webhooks: Webhooks
  /** Told, after the commit, of each signature that was refused and kept: the wallet may have submitted it already. */
  readonly countRefusedSignature: (reason: RefusalReason) => void
  /** A new random UUID, version 4. */
  readonly newId: () => string
}

/** Who tells subscribers, after the commit. Neither call waits or throws. */
export interface Announcer {
  announce(payloadId: string, facts: Facts): void
  announceFetched(payloadId: string, callId: string): void
}
