import type { JsonObject } from '../json.ts'

/** A node of a ledger, asked by its public API. Implemented by `node-client.ts`. */
export interface LedgerNode {
  readonly url: string

  /**
   * Never throws, and answers within the node's time limit.
   *
   * @param command of the API: `account_info`, `tx`, `server_info`, …
   */
  request(command: string, parameters?: JsonObject): Promise<NodeAnswer>
}

export type NodeAnswer =
  | { readonly answer: 'result'; readonly result: JsonObject }
  /** The node's own word for why not: `actNotFound`, `txnNotFound`, `noNetwork`, … */
  | { readonly answer: 'error'; readonly error: string }
  /** Not reached, not in time, or too much is being asked already. */
  | { readonly answer: 'none'; readonly why: string }
