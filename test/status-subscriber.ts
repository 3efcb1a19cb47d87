import type { JsonObject } from '../src/json.ts'
import { connectClient, type StatusClient } from './live-server.ts'

/** A subscriber of one payload's live status on a whole server. */
export class StatusSubscriber {
  readonly #client: StatusClient
  /** Rejects: there is nothing to wait for any more. */
  readonly #ended: Promise<never>

  private constructor(client: StatusClient) {
    this.#client = client
    this.#ended = client.closed.then(({ code }) => Promise.reject(new Error(`the socket was closed with ${code}`)))
    this.#ended.catch(() => undefined)
  }

  /** Resolves once it was welcomed and told when the payload expires. */
  static async connect(url: string, uuid: string): Promise<StatusSubscriber> {
    const subscriber = new StatusSubscriber(connectClient(`${url.replace(/^http/, 'ws')}/sign/${uuid}`))
    await subscriber.#hears((told) => told.length >= 2)
    return subscriber
  }

  /** What it has been told so far, the greeting included. */
  get told(): readonly JsonObject[] {
    return this.#client.messages as JsonObject[]
  }

  get closed(): StatusClient['closed'] {
    return this.#client.closed
  }

  /** Resolves with the first message that has this key, which may have come already. */
  async hears(key: string): Promise<JsonObject> {
    const find = () => this.told.find((message) => Object.hasOwn(message, key))
    await this.#hears(() => find() !== undefined)
    return find()!
  }

  /** What it has been told by the time that the server has nothing more to say. */
  async everything(): Promise<readonly JsonObject[]> {
    const before = this.told.length
    this.#client.socket.send('{"ping":true}')
    await this.#hears((told) => told.slice(before).some(isPong))
    return this.told.filter((message) => !isPong(message))
  }

  async #hears(enough: (told: readonly JsonObject[]) => boolean): Promise<void> {
    while (!enough(this.told)) await Promise.race([this.#client.received(this.told.length + 1), this.#ended])
  }

  say(message: JsonObject): void {
    this.#client.socket.send(JSON.stringify(message))
  }

  /** Ends the connection without a goodbye. */
  vanish(): void {
    this.#client.socket.terminate()
  }
}

const isPong = ({ message }: JsonObject): boolean => message === 'Right back at you!'
