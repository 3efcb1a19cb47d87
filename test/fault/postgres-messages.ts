/**
 * A message of PostgreSQL's protocol, cut out of a connection's bytes.
 * Source: https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
export interface PostgresMessage {
  /** One letter; empty for the first of a connection, which has none. */
  readonly type: string
  /** The whole of it, as it was sent. */
  readonly bytes: Buffer
}

/** Cuts one direction of one connection into messages. */
export class PostgresMessages {
  #rest: Buffer = Buffer.alloc(0)
  #typed: boolean

  /** @param from clients begin with a message that has no type */
  constructor(from: 'client' | 'server') {
    this.#typed = from === 'server'
  }

  /** Those that are whole by now. */
  read(chunk: Buffer): PostgresMessage[] {
    this.#rest = Buffer.concat([this.#rest, chunk])
    const messages: PostgresMessage[] = []
    for (;;) {
      const typeBytes = this.#typed ? 1 : 0
      if (this.#rest.length < typeBytes + 4) return messages
      const length = typeBytes + this.#rest.readUInt32BE(typeBytes)
      if (this.#rest.length < length) return messages
      messages.push({
        type: this.#rest.toString('latin1', 0, typeBytes),
        bytes: this.#rest.subarray(0, length),
      })
      this.#rest = this.#rest.subarray(length)
      this.#typed = true
    }
  }
}

/** The statement in a Query or a Parse; null for other messages. */
export const statementOf = ({ type, bytes }: PostgresMessage): string | null => {
  if (type === 'Q') return bytes.toString('utf8', 5, bytes.length - 1)
  // a name, a statement, and the types of its parameters, with a zero after each of the first two
  if (type === 'P') return bytes.toString('utf8', 5).split('\0')[1] ?? ''
  return null
}

/** The server's word that a transaction is durable. */
export const isCommitted = ({ type, bytes }: PostgresMessage): boolean =>
  type === 'C' && bytes.toString('latin1', 5) === 'COMMIT\0'

/** A start-up message without this setting: a pooler in between drops what it cannot keep for a session. */
export const withoutSetting = (startup: Buffer, name: string): Buffer => {
  const fields = startup.toString('latin1', 8).split('\0')
  const at = fields.indexOf(name)
  if (at >= 0) fields.splice(at, 2)
  const kept = Buffer.from(fields.join('\0'), 'latin1')
  const message = Buffer.concat([startup.subarray(0, 8), kept])
  message.writeUInt32BE(message.length, 0)
  return message
}
