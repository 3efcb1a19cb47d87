import type { Application } from '../application/application.ts'
import type { UserToken } from '../application/user-token.ts'
import type { Milliseconds } from '../clock.ts'
import type { Refusal, RefusalReason } from '../refusals.ts'
import type { Facts, Outline } from './facts.ts'
import type { Debts, OwedDelivery } from './owed-delivery.ts'
import type { Submission } from '../ledger/submission.ts'
import type { Payload, PayloadOrigin } from './payload.ts'

/**
 * Where payloads live; the contract that storage implements for every database, with one suite for all of them
 * (`test/contract/payload-store.suite.ts`).
 *
 * Guarantees: whatever a promise here answered is durable. `change` is the one place where a payload changes: in one
 * transaction it locks the payload, reads the database's clock, asks `step`, and writes everything the step returns, or
 * nothing. Of two changes to one payload the later sees what the earlier wrote.
 */
export interface PayloadStore {
  /**
   * Refuses with `identifierTaken` when the application used this identifier before.
   *
   * @param owes what the new payload makes owed, written with it
   */
  create(payload: NewPayload, owes: (payload: Payload) => readonly OwedDelivery[]): Promise<Payload | Refusal>

  find(id: string): Promise<Found | null>

  findByIdentifier(applicationId: string, identifier: string): Promise<Found | null>

  /** Everything a topic starts from, of those that exist; one statement however many. Never reads a replica. */
  readFacts(ids: readonly string[]): Promise<ReadFacts[]>

  /** What is there of these, for a fraction of the cost. Never reads a replica. */
  readOutlines(ids: readonly string[]): Promise<Outline[]>

  /**
   * The payloads whose facts changed since the read that gave this position. Of two reads the later lists every change
   * that is visible to it and was not to the earlier, whatever transactions were under way then and however long they
   * took. It may list more.
   *
   * @param since null: lists nothing, and gives the position to begin from
   */
  readChanges(since: ChangePosition | null): Promise<{
    readonly changed: Outline[]
    readonly until: ChangePosition
    readonly now: Milliseconds
  }>

  /**
   * @param userId whose token for the payload's application the step needs, if any; the token is locked, too
   * @returns null when there is no such payload
   */
  change<C extends Change>(
    id: string,
    userId: string | null,
    step: (current: Current) => C | Refusal,
  ): Promise<Changed<C> | Refusal | null>

  /** Unresolved, unexpired payloads pushed to this user, newest first, at most `limit`. */
  listPendingFor(userId: string, limit: number): Promise<Found[]>

  /**
   * Checks that no ledger node answered yet and that are due now; each is leased to the caller until `now + lease`, so
   * that no other node takes it meanwhile.
   */
  claimPendingChecks(limit: number, lease: Milliseconds): Promise<{ checks: PendingCheck[]; now: Milliseconds }>

  /** The check stays owed and is due again at `dueAt`. */
  postponePendingCheck(id: string, dueAt: Milliseconds): Promise<void>

  /** The check was answered, or given up. */
  removePendingCheck(id: string): Promise<void>

  /** Submitted transactions that are due to be asked for now, leased to the caller as pending checks are. */
  claimFollowedTransactions(
    limit: number,
    lease: Milliseconds,
  ): Promise<{ followed: FollowedTransaction[]; now: Milliseconds }>

  /** It is due again at `dueAt`. */
  postponeFollowedTransaction(payloadId: string, dueAt: Milliseconds): Promise<void>

  /** The ledger's answer is known, or given up. */
  removeFollowedTransaction(payloadId: string): Promise<void>

  /** Signatures that were refused for this payload, oldest first. */
  listRefusedSignatures(payloadId: string): Promise<RefusedSignature[]>
}

export interface ReadFacts {
  readonly payloadId: string
  readonly facts: Facts
  /** The database's clock at the read. */
  readonly now: Milliseconds
}

/** Up to where changes were read; only the store that gave it can tell what it says. */
export type ChangePosition = string & { readonly '': 'ChangePosition' }

/** The times are the store's to set: creation is the database's now, expiry `lifetime` after it. */
export type NewPayload = Omit<
  Payload,
  'createdAt' | 'expiresAt' | 'opens' | 'preSignedAt' | 'cancelledAt' | 'outcome' | 'dispatchReports' | 'ledgerAnswer'
> & { readonly lifetime: Milliseconds }

export interface Found {
  readonly payload: Payload
  /** The database's clock at the read. */
  readonly now: Milliseconds
}

export interface Current extends Found {
  /** The payload's, as it is in this transaction. */
  readonly application: Application
  readonly userToken: UserToken | null
}

/** What one step writes, all of it or nothing. */
export interface Change {
  readonly payload: Payload
  /** Issued or extended for the acting user. */
  readonly userToken?: UserToken
  /** Kept beside the payload, at most `maxRefusedSignatures`; later ones are dropped. */
  readonly refusedSignature?: Omit<RefusedSignature, 'at'>
  /** Webhooks; that of a refused signature is owed only where the signature is kept. */
  readonly debts?: Debts
  /** A check that a ledger node owes an answer to, due from `dueAt` on; it replaces this user's earlier one. */
  readonly pendingCheck?: PendingCheck & { readonly dueAt: Milliseconds }
  /** What the wallet submits, to be asked for from `dueAt` on; once for each payload. */
  readonly followedTransaction?: FollowedTransaction & { readonly dueAt: Milliseconds }
}

export interface Changed<C extends Change> {
  readonly before: Payload
  readonly change: C
  readonly now: Milliseconds
}

export const maxRefusedSignatures = 16

/** A blob that decoded but did not pass; the wallet may have submitted it already. */
export interface RefusedSignature {
  readonly txid: string | null
  readonly account: string | null
  readonly reason: RefusalReason
  readonly message: string
  readonly at: Milliseconds
}

/** A submission that passed every check but the one that needs a ledger node, kept until the node answers. */
export interface PendingCheck {
  /** UUID. */
  readonly id: string
  readonly payloadId: string
  readonly userId: string
  readonly deviceId: string
  readonly origin: PayloadOrigin
  readonly callId: string
  readonly submission: Submission
  readonly grantPush: boolean
  /** After this it is given up. */
  readonly giveUpAt: Milliseconds
}

/** A transaction that a wallet submits, followed until a ledger node says what became of it. */
export interface FollowedTransaction {
  readonly payloadId: string
  /** Upper-case hex. */
  readonly txid: string
  /** As `LedgerNodes.nodeFor` takes it. */
  readonly network: string | null
  /** After this it is given up. */
  readonly giveUpAt: Milliseconds
}
