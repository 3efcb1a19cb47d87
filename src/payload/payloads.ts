import type { Application } from '../application/application.ts'
import type { Milliseconds } from '../clock.ts'
import type { Refusal } from '../refusals.ts'
import type { Submission } from '../ledger/submission.ts'
import type { Actor, CancelReason } from './lifecycle.ts'
import type { CustomMeta, SignRequest } from './payload.ts'
import type { Found } from './payload-store.ts'

/**
 * What can be done with payloads: the flows that the developer API, the wallet API and the pages call.
 *
 * Each reads or changes through the store and, after the commit, announces the new facts. `callId` is the uuid of the
 * API call (its `x-call-ref`).
 */
export interface Payloads {
  create(application: Application, input: CreateInput): Promise<Found | Refusal>

  /** For the application that owns it; `devapp_fetched` is told to subscribers. */
  fetch(application: Application, id: string, callId: string): Promise<Found | Refusal>
  fetchByIdentifier(application: Application, identifier: string, callId: string): Promise<Found | Refusal>
  cancel(application: Application, id: string): Promise<(Found & { readonly reason: CancelReason }) | Refusal>

  /** For anyone who knows the id: the sign page. Opens and announces nothing. */
  peek(id: string): Promise<Found | null>

  /** A wallet fetches the payload: opens it, or says that the user starts signing. */
  open(actor: Actor, id: string): Promise<Found | Refusal>
  /** What a wallet sends by PATCH. Found is the payload as it is afterwards, resolved or not. */
  act(actor: Actor, id: string, action: WalletAction, callId: string): Promise<Found | Refusal>
  /** Unresolved, unexpired, pushed to this user; opens nothing. */
  listPending(userId: string): Promise<Found[]>
}

/** A create request that passed every check (`check-create.ts`). */
export interface CreateInput extends SignRequest {
  readonly lifetime: Milliseconds
  /** Bind a SignIn to this payload by a memo; also on when the application's setting says so. */
  readonly bind: boolean
  readonly customMeta: CustomMeta
  readonly userToken: string | null
}

export interface ReportedDispatch {
  readonly to: string | null
  readonly nodeType: string | null
  readonly result: string | null
}

export type WalletAction =
  | {
      readonly kind: 'sign'
      readonly submission: Submission
      readonly grantPush: boolean
      /** The wallet may report the ledger's answer along with the signature. */
      readonly dispatched: ReportedDispatch | null
    }
  | { readonly kind: 'reject'; readonly initiator: 'USER' | 'APP' | null; readonly reason: string | null }
  | { readonly kind: 'dispatched'; readonly report: ReportedDispatch }
  | { readonly kind: 'preSigned' }
