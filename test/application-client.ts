import type { JsonObject } from '../src/json.ts'

export interface Credentials {
  readonly apiKey: string
  readonly apiSecret: string
}

export interface Answer {
  readonly status: number
  readonly body: any
}

/** An application's back end, with plain HTTP: what it asks of the developer API in tests that need no SDK. */
export class ApplicationClient {
  readonly #base: string
  readonly #headers: Record<string, string>

  constructor(url: string, { apiKey, apiSecret }: Credentials) {
    this.#base = `${url}/api/v1/platform`
    this.#headers = { 'content-type': 'application/json', 'x-api-key': apiKey, 'x-api-secret': apiSecret }
  }

  /** Rejects only when the server cannot be reached. */
  async call(method: string, path: string, body?: JsonObject): Promise<Answer> {
    const request = { method, headers: this.#headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }
    const response = await fetch(`${this.#base}/${path}`, request)
    return { status: response.status, body: await response.json() }
  }

  /** @returns the payload's uuid */
  async create(body: JsonObject): Promise<string> {
    return (await this.#granted('POST', 'payload', body)).uuid
  }

  details(uuid: string): Promise<any> {
    return this.#granted('GET', `payload/${uuid}`)
  }

  cancel(uuid: string): Promise<any> {
    return this.#granted('DELETE', `payload/${uuid}`)
  }

  async #granted(...request: Parameters<ApplicationClient['call']>): Promise<any> {
    const { status, body } = await this.call(...request)
    if (status !== 200) throw new Error(`${request[0]} ${request[1]} was answered ${status}: ${JSON.stringify(body)}`)
    return body
  }
}

/** Templates that any wallet can sign. */
export const signIn: JsonObject = { TransactionType: 'SignIn' }
export const payment: JsonObject = {
  TransactionType: 'Payment',
  Destination: 'rPEPPER7kfTD9w2To4CQk6UCfuHM9c6GDY',
  Amount: '1000000',
}
