import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { WebSocketServer, type WebSocket } from 'ws'
import type { JsonObject } from '../src/json.ts'
import { decodeTransaction } from '../src/ledger/decode.ts'
import type { LedgerFamily } from '../src/ledger/template.ts'

/**
 * A stand-in for a ledger node: speaks the public WebSocket API of rippled as far as the product asks it, with accounts
 * that a test makes up. Shapes of requests and answers: xrpl.org, "WebSocket API" (version 1).
 */
export interface ScriptedNode {
  readonly url: string
  /** Every request, in the order they came, as they were sent. */
  readonly requests: JsonObject[]
  readonly accounts: Map<string, ScriptedAccount>
  /** By hash: what was submitted, or put there by the test. */
  readonly transactions: Map<string, JsonObject>
  /** Connections accepted so far. */
  connections: number
  /** The `result` of the next submissions. */
  engineResult: string
  /** How busy it says it is. */
  loadFactor: number
  behaviour: Behaviour
  /** Commands that it never answers. */
  readonly deafTo: Set<string>
  /** Answers what it held back. */
  release(): void
  /** Ends every connection without a goodbye. */
  drop(): void
  /** Sends this text to everyone. */
  say(text: string | Buffer): void
  close(): Promise<void>
}

/** `hold` keeps answers back until `release`; `busy` is a node that cannot answer just now. */
export type Behaviour = 'answer' | 'hold' | 'drop' | 'busy'

export interface ScriptedAccount {
  readonly regularKey?: string
  readonly masterDisabled?: boolean
  readonly sequence?: number
}

export interface ScriptedNodeOptions {
  readonly accounts?: Readonly<Record<string, ScriptedAccount>>
  readonly ledgerIndex?: number
  readonly networkId?: number
  readonly family?: LedgerFamily
  /** Listen here again, as a node that was restarted. */
  readonly port?: number
}

export const startScriptedNode = async (options: ScriptedNodeOptions = {}): Promise<ScriptedNode> => {
  const server = new WebSocketServer({ port: options.port ?? 0, host: '127.0.0.1' })
  await once(server, 'listening')
  const held: (() => void)[] = []
  const node: ScriptedNode = {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    accounts: new Map(Object.entries(options.accounts ?? {})),
    transactions: new Map(),
    connections: 0,
    engineResult: 'tesSUCCESS',
    loadFactor: 1,
    behaviour: 'answer',
    deafTo: new Set(),
    release: () => held.splice(0).forEach((answer) => answer()),
    drop: () => server.clients.forEach((socket) => socket.terminate()),
    say: (text) => server.clients.forEach((socket) => socket.send(text)),
    close: async () => {
      node.drop()
      server.close()
      await once(server, 'close')
    },
  }
  server.on('connection', (socket: WebSocket) => {
    node.connections += 1
    socket.on('message', (data: Buffer) => {
      const request = JSON.parse(data.toString()) as JsonObject
      node.requests.push(request)
      if (node.deafTo.has(request['command'] as string)) return
      const answer = () => socket.send(JSON.stringify(answerTo(node, options, request)))
      if (node.behaviour === 'drop') socket.terminate()
      else if (node.behaviour === 'hold') held.push(answer)
      else answer()
    })
  })
  return node
}

const answerTo = (node: ScriptedNode, options: ScriptedNodeOptions, request: JsonObject): JsonObject => {
  const { id, command } = request
  const answer =
    node.behaviour === 'busy' ? 'tooBusy' : (commands[command as string]?.(node, options, request) ?? 'unknownCmd')
  return typeof answer === 'string'
    ? { id: id!, status: 'error', type: 'response', error: answer, error_code: 0, request }
    : { id: id!, status: 'success', type: 'response', result: answer }
}

/** The result, or the error's word. */
type Command = (node: ScriptedNode, options: ScriptedNodeOptions, request: JsonObject) => JsonObject | string

const ledgerIndexOf = (options: ScriptedNodeOptions): number => options.ledgerIndex ?? 90_000_000

const commands: Record<string, Command> = {
  account_info: (node, options, { account, ledger_index: which }) => {
    const known = node.accounts.get(account as string)
    if (known === undefined) return 'actNotFound'
    const flags = known.masterDisabled === true ? 0x0010_0000 : 0
    const regularKey = known.regularKey === undefined ? {} : { RegularKey: known.regularKey }
    const validated = which === 'validated'
    return {
      account_data: {
        Account: account!,
        Balance: '1000000000',
        Flags: flags,
        LedgerEntryType: 'AccountRoot',
        OwnerCount: 0,
        Sequence: known.sequence ?? 1,
        ...regularKey,
      },
      ...(validated ? { ledger_index: ledgerIndexOf(options) } : { ledger_current_index: ledgerIndexOf(options) + 1 }),
      validated,
    }
  },

  ledger_current: (_, options) => ({ ledger_current_index: ledgerIndexOf(options) + 1 }),

  server_info: (node, options) => ({
    info: {
      build_version: '2.5.0',
      load_factor: node.loadFactor,
      network_id: options.networkId ?? 0,
      server_state: 'full',
      validated_ledger: { base_fee_xrp: 0.00001, reserve_base_xrp: 1, seq: ledgerIndexOf(options) },
    },
  }),

  submit: (node, options, { tx_blob: blob }) => {
    const transaction = decodeTransaction(blob as string, options.family ?? 'xrpl')
    if (transaction === null) return 'invalidTransaction'
    const { hash, json } = transaction
    const accepted = node.engineResult === 'tesSUCCESS'
    if (accepted) {
      const meta = { AffectedNodes: [], TransactionIndex: 0, TransactionResult: node.engineResult }
      node.transactions.set(hash, { ...json, hash, meta, ledger_index: ledgerIndexOf(options) + 1, validated: true })
    }
    return {
      accepted,
      engine_result: node.engineResult,
      engine_result_code: 0,
      tx_blob: blob!,
      tx_json: { ...json, hash },
    }
  },

  tx: (node, _, { transaction }) => node.transactions.get(transaction as string) ?? 'txnNotFound',
}
