import { createHash, randomUUID } from 'node:crypto'
import { isJsonObject, type JsonObject } from '../json.ts'
import { walletDigestAlgorithm } from '../ledger/wallet-digest.ts'
import { readPayloadView, type OpenedFrom, type PayloadView } from './payload-view.ts'
import { callWalletApi, textAt, type WalletCall, type WalletCallOptions } from './wallet-call.ts'
import { WalletApiError, WalletError } from './wallet-error.ts'

/** What a device is to a server, and what it proves itself with. Secret. */
export interface WalletIdentity {
  /** Base URL without a slash at its end. */
  readonly server: string
  /** UUID. */
  readonly deviceId: string
  readonly uniqueDeviceIdentifier: string
  readonly accessToken: string
  /** Of the last call; it must be kept, since no number is taken twice. */
  readonly counter: number
  /** From `refresh-token`; null before the first. */
  readonly refreshToken: string | null
  readonly bearerHash: string | null
}

export interface WalletClientOptions extends WalletCallOptions {
  /** Told before each call goes out, and after a refresh. */
  readonly save?: (identity: WalletIdentity) => void
}

/** The answer to each PATCH. */
export interface ResolveAnswer {
  /** False while it is unresolved, be it that a ledger node has to be asked first. */
  readonly signed: boolean
  readonly returnUrl: { readonly app: string | null; readonly web: string | null }
}

type Request = Omit<WalletCall, 'server'>

const bearerHashWrong = 890

const payloadPath = (uuid: string): string => `/payload/${encodeURIComponent(uuid)}`

/** The header that the real wallet proves its device with. Source: XRPL-Labs/Xaman-App, src/services/ApiService.ts. */
export const bearerOf = ({ accessToken, uniqueDeviceIdentifier, counter, bearerHash }: WalletIdentity): string => {
  const hash = createHash('sha256').update(`${accessToken}${uniqueDeviceIdentifier}${counter}`).digest('hex')
  return ['Bearer ' + accessToken, counter, hash, ...(bearerHash === null ? [] : [bearerHash])].join('.')
}

/** Makes this device known to a server, as a new user. */
export const registerWallet = async (server: string, options: WalletCallOptions = {}): Promise<WalletIdentity> => {
  const base = server.replace(/\/+$/, '')
  const added = await callWalletApi({ server: base, method: 'POST', path: '/add-user', body: {} }, options)
  const deviceId = textAt(added, 'device', 'uuid')
  const uniqueDeviceIdentifier = randomUUID()
  const activation: WalletCall = {
    server: base,
    method: 'POST',
    path: '/activate-device',
    headers: { authorization: `${textAt(added, 'user', 'uuid')}.${deviceId}` },
    body: { uniqueDeviceIdentifier, devicePlatform: 'virtual', devicePushToken: '' },
  }
  const accessToken = textAt(await callWalletApi(activation, options), 'accessToken')
  const unused = { counter: 0, refreshToken: null, bearerHash: null }
  return { server: base, deviceId, uniqueDeviceIdentifier, accessToken, ...unused }
}

/** Speaks the wallet API over HTTP, as the app on a phone does. Every failure is a `WalletError`. */
export class WalletClient {
  #identity: WalletIdentity
  readonly #options: WalletClientOptions
  #refreshing: Promise<void> | null = null

  constructor(identity: WalletIdentity, options: WalletClientOptions = {}) {
    this.#identity = identity
    this.#options = options
  }

  get identity(): WalletIdentity {
    return this.#identity
  }

  ping(): Promise<JsonObject> {
    return this.#send({ method: 'POST', path: '/ping', body: {} })
  }

  /** Replaces the fourth part of the bearer; calls meanwhile wait for it. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#refresh().finally(() => (this.#refreshing = null))
    return this.#refreshing
  }

  /** Counts as opening it; the second time as starting to sign. */
  async fetchPayload(uuid: string, from: OpenedFrom = 'QR'): Promise<PayloadView> {
    const headers = { 'x-xaman-digest': walletDigestAlgorithm }
    const answer = await this.#send({ method: 'GET', path: `${payloadPath(uuid)}?from=${from}`, headers })
    return readPayloadView(answer, this.#identity.uniqueDeviceIdentifier)
  }

  /** @param body as CONTRACT section 3 has it: a signature, a rejection, a report, or `pre_signed` */
  async patchPayload(uuid: string, body: JsonObject): Promise<ResolveAnswer> {
    const answer = await this.#send({ method: 'PATCH', path: payloadPath(uuid), body })
    const url = isJsonObject(answer['return_url']) ? answer['return_url'] : {}
    const textOrNull = (value: unknown) => (typeof value === 'string' ? value : null)
    return {
      signed: answer['signed'] === true,
      returnUrl: { app: textOrNull(url['app']), web: textOrNull(url['web']) },
    }
  }

  /** Sign requests pushed to this user; opens none. */
  async pendingPayloads(): Promise<PayloadView[]> {
    const { payloads } = await this.#send({ method: 'GET', path: '/pending-payloads' })
    if (!Array.isArray(payloads)) throw new WalletError('The server did not answer with a list of sign requests.')
    return payloads.map((one) => readPayloadView(one, this.#identity.uniqueDeviceIdentifier))
  }

  /** What the server knows against an account; the real wallet pays none without having asked. */
  async accountAdvisory(account: string): Promise<string> {
    return textAt(
      await this.#send({ method: 'GET', path: `/account-advisory/${encodeURIComponent(account)}` }),
      'danger',
    )
  }

  async #refresh(): Promise<void> {
    const { refreshToken } = this.#identity
    const body = refreshToken === null ? {} : { refresh_token: refreshToken }
    const answer = await this.#call({ method: 'POST', path: '/refresh-token', body })
    this.#change({ refreshToken: textAt(answer, 'refresh_token'), bearerHash: textAt(answer, 'bearer_hash') })
  }

  async #send(request: Request): Promise<JsonObject> {
    // who refreshes hears of a failure; this call will meet its own
    await this.#refreshing?.catch(() => undefined)
    try {
      return await this.#call(request)
    } catch (error) {
      if (!(error instanceof WalletApiError) || error.code !== bearerHashWrong) throw error
      await this.refresh()
      return this.#call(request)
    }
  }

  #call(request: Request): Promise<JsonObject> {
    this.#change({ counter: this.#identity.counter + 1 })
    const headers = { ...request.headers, authorization: bearerOf(this.#identity) }
    return callWalletApi({ ...request, server: this.#identity.server, headers }, this.#options)
  }

  #change(changed: Partial<WalletIdentity>): void {
    this.#identity = { ...this.#identity, ...changed }
    this.#options.save?.(this.#identity)
  }
}
