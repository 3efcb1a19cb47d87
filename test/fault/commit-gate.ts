import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { isCommitted, PostgresMessages, statementOf, withoutSetting } from './postgres-messages.ts'

/** A transaction that stands at the gate. */
export interface StandingTransaction {
  /** Lets on what was held back. */
  release(): void
}

interface Stop {
  readonly at: 'commit' | 'committed'
  readonly arrived: (transaction: StandingTransaction) => void
}

/**
 * Stands between a node and PostgreSQL, and stops one transaction that changes a payload at a moment that no test could
 * hit by luck: when the node has asked for the commit and PostgreSQL has not heard it, or when PostgreSQL has committed
 * and the node has not heard that.
 */
export class CommitGate {
  readonly #server: Server
  readonly #target: number
  readonly #sockets = new Set<Socket>()
  readonly #endlessTransactions: boolean
  #stop: Stop | null = null

  private constructor(target: number, endlessTransactions: boolean) {
    this.#target = target
    this.#endlessTransactions = endlessTransactions
    this.#server = createServer((client) => this.#take(client))
  }

  /**
   * @param target a port of 127.0.0.1
   * @param endlessTransactions drops the node's wish that PostgreSQL ends transactions in which nothing happens, as a
   *   pooler in between may
   */
  static async start(target: number, { endlessTransactions = false } = {}): Promise<CommitGate> {
    const gate = new CommitGate(target, endlessTransactions)
    gate.#server.listen(0, '127.0.0.1')
    await once(gate.#server, 'listening')
    return gate
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** Resolves once the next transaction that changes a payload has come there. The path of that connection then stands. */
  stopNext(at: Stop['at']): Promise<StandingTransaction> {
    return new Promise((arrived) => (this.#stop = { at, arrived }))
  }

  async end(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #take(client: Socket): void {
    const server = connect(this.#target, '127.0.0.1')
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(one)
      one.setNoDelay(true)
      one.on('error', () => undefined)
      one.once('close', () => {
        this.#sockets.delete(one)
        other.destroy()
      })
    }
    const [fromClient, fromServer] = [new PostgresMessages('client'), new PostgresMessages('server')]
    const [toServer, toClient] = [new Gate(server), new Gate(client)]
    let changes = false
    /** Of this connection's transaction, which the node has asked to commit. */
    let stop: Stop | null = null

    client.on('data', (chunk: Buffer) => {
      for (const message of fromClient.read(chunk)) {
        const statement = statementOf(message)
        if (statement !== null && /^(begin|start transaction)\b/i.test(statement)) changes = false
        if (statement !== null && locksPayload.test(statement)) changes = true
        if (statement === 'commit' && changes && this.#stop !== null) {
          stop = this.#stop
          this.#stop = null
          if (stop.at === 'commit') stop.arrived(toServer.close())
        }
        const drops = this.#endlessTransactions && message.type === ''
        toServer.write(drops ? withoutSetting(message.bytes, 'idle_in_transaction_session_timeout') : message.bytes)
      }
    })
    server.on('data', (chunk: Buffer) => {
      for (const message of fromServer.read(chunk)) {
        if (stop?.at === 'committed' && isCommitted(message)) {
          stop.arrived(toClient.close())
          stop = null
        }
        toClient.write(message.bytes)
      }
    })
  }
}

/** What a transaction that changes a payload begins with. */
const locksPayload = /^select\b.* from "payloads" .*\bfor update$/is

/** Where one direction passes or stands. */
class Gate {
  readonly #to: Socket
  #held: Buffer[] | null = null

  constructor(to: Socket) {
    this.#to = to
  }

  write(bytes: Buffer): void {
    if (this.#held === null) this.#to.write(bytes)
    else this.#held.push(bytes)
  }

  close(): StandingTransaction {
    this.#held = []
    return {
      release: () => {
        const held = this.#held ?? []
        this.#held = null
        for (const bytes of held) this.#to.write(bytes)
      },
    }
  }
}
