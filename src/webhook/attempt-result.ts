import type { ConnectionStage } from './checked-connection.ts'
import type { UrlProblem } from './target.ts'

/** How an attempt ended: with an answer, or at the stage that it did not get past. */
export type AttemptResult = Answered | Unanswered

export interface Answered {
  readonly stage: 'answered'
  readonly status: number
  /** The receiver's headers of these names, as they came. */
  readonly retryAfter: string | null
  readonly location: string | null
  /** As much of the body as was read, as text. */
  readonly response: string
  /** Whether the body came whole, or was too long, too late, or broke off; the status counts in any case. */
  readonly ending: 'whole' | 'long' | 'late' | 'broken'
}

export type Unanswered =
  | { readonly stage: 'url'; readonly problem: UrlProblem }
  /** The address, or one of the name's, may not be reached. */
  | { readonly stage: 'address'; readonly address: string; readonly objection: string }
  /** The system's or the HTTP client's code: `ENOTFOUND`, `ECONNREFUSED`, `CERT_HAS_EXPIRED`, … */
  | { readonly stage: ConnectionStage; readonly code: string }
  | { readonly stage: 'timeout'; readonly during: ConnectionStage }
  /** The server stops: the attempt was given up and counts as not made. */
  | { readonly stage: 'stopped' }

/** Any 2xx; nothing else. Source: CONTRACT section 4. */
export const isSuccess = (result: AttemptResult): boolean =>
  result.stage === 'answered' && result.status >= 200 && result.status <= 299
