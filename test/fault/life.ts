import type { Milliseconds } from '../../src/clock.ts'
import type { WalletClient } from '../../src/virtual-wallet/wallet-client.ts'
import { WalletApiError } from '../../src/virtual-wallet/wallet-error.ts'
import type { ApplicationClient } from '../application-client.ts'
import type { BusyWallet } from './busy-wallet.ts'
import type { FactKey } from './facts-told.ts'
import type { Random } from './random.ts'
import type { RawSubscriber } from './raw-subscriber.ts'

export interface LifeOptions {
  readonly application: ApplicationClient
  readonly wallet: BusyWallet
  readonly submit: boolean
  readonly random: Random
  /** What failed was perhaps done all the same; it is asked for again when this says so, and thrown when not. */
  readonly askAgain: (error: unknown) => Promise<boolean>
}

/** Resolved, handled by another, cancelled: what was done before explains it. */
const explained: readonly number[] = [403, 409, 510]

/** The life of one payload, as those know it who act on it; and who watches. */
export class Life {
  readonly uuid: string
  readonly watchers: RawSubscriber[] = []
  /** When an answer first said that this is so, by the clock of `performance.now()`. */
  readonly answered = new Map<FactKey | 'expired', Milliseconds>()
  fetches = 0
  /** Something was asked for again: nobody knows by the answers alone whether signing was started. */
  repeated = false
  readonly #options: LifeOptions

  constructor(uuid: string, options: LifeOptions) {
    this.uuid = uuid
    this.#options = options
  }

  /** The wallet shows it; the second time it is about to sign. */
  async open(): Promise<void> {
    const again = this.answered.has('opened')
    const shown = await this.#ask((client) => client.fetchPayload(this.uuid))
    if (shown) this.#learn('opened', ...(again ? (['pre_signed'] as const) : []))
  }

  async startSigning(): Promise<void> {
    if (await this.#patch({ pre_signed: true })) this.#learn('opened', 'pre_signed')
  }

  /** The report of what the ledger said does not wait for the signature's answer, as the real wallet's does not. */
  async sign(): Promise<void> {
    const { wallet, submit, random } = this.#options
    const signature = wallet.signatures[submit ? 'payment' : 'signIn']
    const dispatched = { to: 'UNKNOWN NODE', nodetype: 'TESTNET', result: 'tesSUCCESS' }
    const reports = submit && random.oneIn(2)
    await Promise.all([
      this.#patch({ ...signature, origintype: 'QR' }).then((taken) => {
        if (taken) this.#learn('opened', ...(submit ? (['dispatched'] as const) : []), 'signed')
      }),
      reports && this.#patch({ dispatched, origintype: 'QR' }).then((taken) => taken && this.#learn('opened')),
    ])
  }

  async reject(): Promise<void> {
    const taken = await this.#patch({ reject: true, reject_initiator: 'USER', origintype: 'QR' })
    if (taken) this.#learn('opened', 'signed')
  }

  async cancel(): Promise<void> {
    const { status, body } = await this.#call('DELETE')
    if (status !== 200) throw new Error(`a cancellation was answered ${status}`)
    if (body.result.cancelled === true) this.#learn('expired')
  }

  /** The application fetches it, which is told live. */
  async look(): Promise<void> {
    this.fetches++
    const { status } = await this.#call('GET')
    if (status !== 200) throw new Error(`Details were answered ${status}`)
  }

  #patch(body: Parameters<WalletClient['patchPayload']>[1]): Promise<boolean> {
    return this.#ask((client) => client.patchPayload(this.uuid, body))
  }

  /** False when it was refused for good reason. */
  async #ask(call: (client: WalletClient) => Promise<unknown>): Promise<boolean> {
    for (;;) {
      try {
        await call(this.#options.wallet.client)
        return true
      } catch (error) {
        if (error instanceof WalletApiError && explained.includes(error.code)) return false
        if (!(await this.#options.askAgain(error))) throw error
        this.repeated = true
      }
    }
  }

  async #call(method: 'GET' | 'DELETE') {
    for (;;) {
      try {
        const answer = await this.#options.application.call(method, `payload/${this.uuid}`)
        if (answer.status !== 503) return answer
        if (!(await this.#options.askAgain(answer))) return answer
      } catch (error) {
        if (!(await this.#options.askAgain(error))) throw error
      }
      if (method === 'GET') this.fetches++
      this.repeated = true
    }
  }

  #learn(...keys: (FactKey | 'expired')[]): void {
    const now = performance.now()
    for (const key of keys) if (!this.answered.has(key)) this.answered.set(key, now)
  }
}
