import type { Milliseconds } from '../clock.ts'

/** A developer's application: who creates payloads. */
export interface Application {
  /** The API key: UUID version 4, lower case. Also the application's public uuid on the wire. */
  readonly id: string
  readonly name: string
  readonly description: string
  readonly iconUrl: string
  readonly webhookUrl: string
  readonly disabled: boolean
  /** A SignIn template gets a memo with the payload's id, so that its signature cannot be used a second time. */
  readonly bindSignIn: boolean
  /** What was pushed to one user is opened and resolved by that user alone. */
  readonly pushedUserOnly: boolean
  /** Where the events beyond resolutions go; none are sent when empty. */
  readonly eventsUrl: string
  /** Which of them. */
  readonly events: readonly ApplicationEvent[]
  /** A receiver may put the next attempt off by `Retry-After`. */
  readonly honourRetryAfter: boolean
  /** An answer of 410 ends a delivery. */
  readonly endOnGone: boolean
  /** Webhooks go to https only. */
  readonly requireHttps: boolean
  readonly createdAt: Milliseconds
}

/** Events that an application may ask for, beside the resolutions that it always gets. */
export const applicationEvents = ['opened', 'expired', 'cancelled', 'refused', 'dispatched'] as const
export type ApplicationEvent = (typeof applicationEvents)[number]

/** What an operator may set; all of it may change later. Empty strings where there is nothing to say. */
export type ApplicationSettings = Omit<Application, 'id' | 'createdAt'>
