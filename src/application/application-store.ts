import type { JsonObject } from '../json.ts'
import type { Milliseconds } from '../clock.ts'
import type { Application, ApplicationSettings } from './application.ts'
import type { UserToken } from './user-token.ts'

/**
 * Where applications live. One suite for every database: `test/contract/application-store.suite.ts`.
 *
 * Secrets arrive sealed (`secret-box.ts`): no implementation ever sees one in the clear.
 */
export interface ApplicationStore {
  create(application: Omit<Application, 'createdAt'>, sealedSecret: string): Promise<Application>
  find(id: string): Promise<Application | null>
  /** The application with its sealed secrets, for authentication and for signing. */
  findWithSecrets(id: string): Promise<ApplicationWithSecrets | null>
  /** Oldest first. */
  list(): Promise<Application[]>
  /** Null when there is no such application. */
  update(id: string, settings: Partial<ApplicationSettings>): Promise<Application | null>
  /**
   * @param keepPrevious for how long the secret before is given along with the new one
   * @returns false when there is no such application
   */
  replaceSecret(id: string, sealedSecret: string, keepPrevious: Milliseconds): Promise<boolean>

  /** The application's one JSON object; null when it stored none. */
  readData(id: string): Promise<JsonObject | null>
  writeData(id: string, data: JsonObject | null): Promise<void>

  /**
   * The token with whether it is worth something now: issued by this application, not expired, its user with at least
   * one active device. Null when this application never issued it or it was revoked.
   */
  findUserToken(applicationId: string, token: string): Promise<KnownUserToken | null>
  /** Which applications this user granted a valid token to. */
  listGrants(userId: string): Promise<Grant[]>
  /** False when there was nothing to revoke. */
  revokeGrant(userId: string, applicationId: string): Promise<boolean>
}

export interface ApplicationWithSecrets {
  readonly application: Application
  readonly sealedSecret: string
  /** The secret before, while it is kept. */
  readonly sealedPreviousSecret: string | null
}

export interface KnownUserToken extends UserToken {
  readonly userId: string
  readonly active: boolean
}

export interface Grant {
  readonly application: Application
  readonly userToken: UserToken
  readonly now: Milliseconds
}
