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
  readonly createdAt: Milliseconds
}

/** What an operator may set; all of it may change later. Empty strings where there is nothing to say. */
export type ApplicationSettings = Omit<Application, 'id' | 'createdAt'>
