import { HttpConnection, type HttpAnswer } from './http-connection.ts'

/** As many connections as requests are under way. */
export class HttpPool {
  readonly #port: number
  readonly #idle: HttpConnection[] = []
  readonly #all: HttpConnection[] = []

  constructor(port: number) {
    this.#port = port
  }

  /** Rejects for any status that is no success: that is a fault of the measurement. */
  async send(text: string): Promise<HttpAnswer> {
    let connection = this.#idle.pop()
    if (connection === undefined) this.#all.push((connection = new HttpConnection(this.#port)))
    const answer = await connection.request(text)
    this.#idle.push(connection)
    if (answer.status >= 300) {
      throw new Error(`${text.split('\r\n', 1)[0]!} was answered ${answer.status}: ${answer.body}`)
    }
    return answer
  }

  close(): void {
    for (const connection of this.#all) connection.close()
  }
}
