import { createHash, randomUUID } from 'node:crypto'
import accountlib from 'xrpl-accountlib'
import type { Answer } from './wallet-server.ts'

/**
 * A wallet with the habits of the open-source one, written from reading it; it shares no code with this server. What it
 * does and in which order is that of XRPL-Labs/Xaman-App: src/services/ApiService.ts and BackendService.ts,
 * src/common/libs/payload/object.ts and src/screens/Modal/ReviewTransaction/ReviewTransactionModal.tsx.
 */
export type Transport = (request: {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly headers: Record<string, string>
  readonly body: string
}) => Promise<Answer>

/** What it throws, with the number that it has a text for. */
export class WalletFailure extends Error {
  readonly code: number
  constructor(message: string, code = -1) {
    super(message)
    this.code = code
  }
}

const hash = (algorithm: 'sha1' | 'sha256', text: string): string => createHash(algorithm).update(text).digest('hex')

/** How it serialises what it was asked to sign. */
const serialize = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(serialize).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const fields = value as Record<string, unknown>
    const keys = Object.keys(fields).sort()
    return `{${JSON.stringify(keys)}${keys.map((key) => `${serialize(fields[key])},`).join('')}}`
  }
  if (['string', 'number', 'boolean'].includes(typeof value)) return JSON.stringify(value)
  throw new Error('no text for this')
}

const pseudoTypes = ['SignIn', 'PaymentChannelAuthorize']

export class RealWallet {
  readonly #transport: Transport
  readonly #seed: string
  readonly uniqueDeviceIdentifier = randomUUID()
  #accessToken: string | undefined
  #bearerHash: string | undefined
  #refreshToken: string | undefined
  #counter = 0
  #refreshing: Promise<void> | null = null
  /** PATCHes under way, which it never waits for, and what became of those that failed, which it only logs. */
  readonly #patches: Promise<void>[] = []
  readonly failedPatches: WalletFailure[] = []

  constructor(transport: Transport, seed: string) {
    this.#transport = transport
    this.#seed = seed
  }

  get address(): string {
    return accountlib.derive.familySeed(this.#seed).address ?? ''
  }

  get bearerHash(): string | undefined {
    return this.#bearerHash
  }

  /** As after a restore from a backup. */
  set bearerHash(outdated: string | undefined) {
    this.#bearerHash = outdated
  }

  /** Its setup: the activation goes without the word Bearer. */
  async setUp(): Promise<void> {
    const { user, device } = await this.fetch('POST', 'add-user')
    const { accessToken } = await this.fetch(
      'POST',
      'activate-device',
      { uniqueDeviceIdentifier: this.uniqueDeviceIdentifier, devicePlatform: 'ios', devicePushToken: '' },
      { Authorization: `${user.uuid}.${device.uuid}` },
    )
    this.#accessToken = accessToken
  }

  /** Anything but 200 is an error to it, and so is a 200 with `error` in it; 890 makes it refresh and try once more. */
  async fetch(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    body?: object,
    headers: Record<string, string> = {},
    tries = 2,
  ): Promise<any> {
    if (path !== 'refresh-token') await this.#refreshing
    const answer = await this.#transport({
      method,
      path,
      headers: {
        'content-type': 'application/json',
        'x-xaman-net': 'TESTNET',
        ...(this.#accessToken === undefined ? {} : { Authorization: this.#bearer() }),
        ...headers,
      },
      body: body === undefined ? '' : JSON.stringify(body),
    })
    if (answer.status === 200 && !answer.body.error) return answer.body
    const failure = new WalletFailure(JSON.stringify(answer.body), answer.body.error?.code)
    if (failure.code !== 890 || path === 'refresh-token' || tries === 1) throw failure
    await this.refresh()
    return this.fetch(method, path, body, headers, tries - 1)
  }

  refresh(): Promise<void> {
    const known = this.#refreshToken === undefined ? {} : { refresh_token: this.#refreshToken }
    this.#refreshing ??= this.fetch('POST', 'refresh-token', known)
      .then(({ refresh_token, bearer_hash }) => {
        if (refresh_token === this.#refreshToken) return
        this.#refreshToken = refresh_token
        this.#bearerHash = bearer_hash
      })
      .finally(() => {
        this.#refreshing = null
      })
    return this.#refreshing
  }

  #bearer(): string {
    this.#counter += 1
    const secret = hash('sha256', `${this.#accessToken}${this.uniqueDeviceIdentifier}${this.#counter}`)
    const legacy = `Bearer ${this.#accessToken}.${this.#counter}.${secret}`
    return this.#bearerHash === undefined ? legacy : `${legacy}.${this.#bearerHash}`
  }

  /** Fetches a sign request, and shows it only when it is what it says it is, unresolved and not expired. */
  async fetchPayload(uuid: string, origin: string): Promise<any> {
    const view = await this.fetch('GET', `payload/${uuid}?from=${origin}`, undefined, {
      'X-Xaman-Digest': 'DigestSerializeWithSHA1',
    })
    const { hash: digest, request_json: request, tx_type: type } = view.payload
    const isPseudo = pseudoTypes.includes(type)
    const isOfType = isPseudo ? request.TransactionType === undefined : request.TransactionType === type
    const expected = hash('sha1', `${hash('sha1', serialize(request))}+${this.uniqueDeviceIdentifier}`)
    if (!isOfType || digest !== expected) throw new WalletFailure('Unable to verify the payload')
    if (view.response?.resolved_at) throw new WalletFailure('Payload is already resolved')
    if (view.meta?.expired) throw new WalletFailure('Payload has expired')
    return view
  }

  /**
   * The user accepts: it fetches again, asks who a Payment goes to, signs, and hands in the signature and what the ledger
   * answered without waiting for either.
   */
  async accept(view: any, origin: string, options: { reportFirst?: boolean } = {}): Promise<void> {
    const { uuid, multisign, submit } = view.meta
    const { tx_type: type, request_json: request } = view.payload
    await this.fetchPayload(uuid, origin)
    if (type === 'Payment') {
      const { danger } = await this.fetch('GET', `account-advisory/${request.Destination}`)
      if (!danger) throw new WalletFailure('Account advisory risk level not found.')
    }
    const signed = this.#sign(type, request, multisign)
    const signature = {
      signed_blob: signed.signedTransaction,
      tx_id: signed.id,
      signmethod: 'PIN',
      signpubkey: accountlib.derive.familySeed(this.#seed).keypair.publicKey ?? '',
      multisigned: multisign ? this.address : '',
      environment: { nodeuri: 'wss://testnet.xrpl-labs.com', nodetype: 'TESTNET' },
    }
    // without a connection it knows neither the node nor a result
    const report = { dispatched: { to: 'UNKNOWN NODE', nodetype: 'UNKNOWN NODE', result: undefined } }
    const isSubmitted = submit && !multisign && !pseudoTypes.includes(type)
    const patches = isSubmitted ? [signature, report] : [signature]
    for (const patch of options.reportFirst ? patches.toReversed() : patches) this.#patch(uuid, origin, patch)
  }

  decline(view: any, origin: string, initiator: 'USER' | 'APP', reason?: string): void {
    const rejection = { reject: true, reject_initiator: initiator, reject_reason: reason, origintype: origin }
    this.#send(view.meta.uuid, rejection)
  }

  /** Until everything that it sent without waiting has been answered. */
  async settled(): Promise<void> {
    await Promise.all(this.#patches)
  }

  #patch(uuid: string, origin: string, patch: object): void {
    this.#send(uuid, { ...patch, permission: { push: true, days: 365 }, origintype: origin })
  }

  #send(uuid: string, body: object): void {
    const sent = this.fetch('PATCH', `payload/${uuid}`, body)
    this.#patches.push(
      sent.then(() => undefined).catch((failure: unknown) => void this.failedPatches.push(failure as WalletFailure)),
    )
  }

  #sign(type: string, request: Record<string, unknown>, multisign: boolean): { signedTransaction: string; id: string } {
    const wallet = accountlib.derive.familySeed(this.#seed)
    if (type === 'PaymentChannelAuthorize') return accountlib.sign({ ...request, TransactionType: type }, wallet)
    if (type === 'SignIn') {
      return accountlib.sign({ ...request, TransactionType: type, Account: this.address }, wallet)
    }
    const filledIn = { Fee: '12', Sequence: 40, LastLedgerSequence: 90_000_020, ...request }
    if (multisign) return accountlib.sign(filledIn, wallet.signAs(this.address))
    return accountlib.sign({ ...filledIn, Account: this.address }, wallet)
  }
}
