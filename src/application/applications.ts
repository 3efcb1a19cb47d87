import { createHash, timingSafeEqual } from 'node:crypto'
import type { Milliseconds } from '../clock.ts'
import { refuse, type Refusal } from '../refusals.ts'
import { readUuid } from '../uuid.ts'
import { checkSettings, defaultSettings } from './application-settings.ts'
import type { ApplicationStore } from './application-store.ts'
import type { Application, ApplicationSettings } from './application.ts'
import type { SecretBox } from './secret-box.ts'

/** What can be done with applications: the flows that the command line, the developer API and the console call. */
export interface Applications {
  /** The secret is shown here and never again. Refuses with `optionInvalid`. */
  create(settings: Pick<ApplicationSettings, 'name'> & Partial<ApplicationSettings>): Promise<Issued | Refusal>
  /** Also disables and enables. Refuses with `optionInvalid` or `notFound`. @param id the API key, in any case */
  update(id: string, settings: Partial<ApplicationSettings>): Promise<Application | Refusal>
  /**
   * The secret before authenticates nobody from then on; for a while it still signs webhooks beside the new one. Refuses
   * with `notFound`.
   *
   * @param id the API key, in any case
   */
  rotateSecret(id: string): Promise<Issued | Refusal>
  /** Oldest first. */
  list(): Promise<Application[]>
  /** Refuses with `credentialsMissing`, `credentialsWrong` (the key or the secret, not telling which), `applicationDisabled`. */
  authenticate(key: unknown, secret: unknown): Promise<Application | Refusal>
  /** For signing webhooks; null when there is no such application. */
  readSecrets(id: string): Promise<Secrets | null>
}

/** An application with its API secret in the clear: UUID version 4, lower case. */
export interface Issued {
  readonly application: Application
  readonly apiSecret: string
}

/** API secrets in the clear. */
export interface Secrets {
  readonly current: string
  /** The one before the last rotation, as long as it still signs. */
  readonly previous: string | null
}

export interface ApplicationDependencies {
  readonly applications: ApplicationStore
  readonly secretBox: SecretBox
  /** A new random UUID, version 4. */
  readonly newId: () => string
  /** How long a secret that was replaced still signs webhooks. */
  readonly secretRotation: Milliseconds
}

export const createApplications = (dependencies: ApplicationDependencies): Applications => {
  const { applications, secretBox, newId, secretRotation } = dependencies
  return {
    create: async (settings) => {
      const refusal = checkSettings(settings)
      if (refusal !== null) return refusal
      const id = newId()
      const apiSecret = newId()
      const sealed = secretBox.seal(id, apiSecret)
      return { application: await applications.create({ ...defaultSettings, ...settings, id }, sealed), apiSecret }
    },

    update: async (id, settings) => {
      const refusal = checkSettings(settings)
      if (refusal !== null) return refusal
      const key = readUuid(id)
      return (key === null ? null : await applications.update(key, settings)) ?? refuse('notFound')
    },

    rotateSecret: async (id) => {
      const key = readUuid(id)
      const application = key === null ? null : await applications.find(key)
      if (application === null) return refuse('notFound')
      const apiSecret = newId()
      await applications.replaceSecret(application.id, secretBox.seal(application.id, apiSecret), secretRotation)
      return { application, apiSecret }
    },

    list: () => applications.list(),

    authenticate: async (key, secret) => {
      const id = readUuid(key)
      const given = readUuid(secret)
      if (id === null || given === null) return refuse('credentialsMissing')
      const known = await applications.findWithSecrets(id)
      // an unknown key costs the comparison, too
      const matches = isSame(given, known === null ? '' : secretBox.open(id, known.sealedSecret))
      if (known === null || !matches) return refuse('credentialsWrong')
      return known.application.disabled ? refuse('applicationDisabled') : known.application
    },

    readSecrets: async (id) => {
      const known = await applications.findWithSecrets(id)
      if (known === null) return null
      const { sealedSecret: current, sealedPreviousSecret: previous } = known
      return { current: secretBox.open(id, current), previous: previous === null ? null : secretBox.open(id, previous) }
    },
  }
}

/** In constant time, whatever the lengths. */
const isSame = (one: string, other: string): boolean => timingSafeEqual(sha256(one), sha256(other))

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest()
