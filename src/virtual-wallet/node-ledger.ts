import { isJsonObject, type JsonObject } from '../json.ts'
import { NodeClient } from '../ledger/node-client.ts'
import { WalletError } from './wallet-error.ts'
import type { WalletLedger } from './wallet-ledger.ts'

/** A test wallet pays no more, however busy the ledger is. Source: xrpl-accountlib, networkTxFee. */
const highestFee = 50_000

/**
 * Asks a ledger node, as of its open ledger, so that transactions of one account may follow each other quickly, and
 * submits to it. Throws `WalletError` when the node does not say what is needed, or has no such account.
 *
 * @param url `wss://…`
 * @param fixed goes before what the node says
 */
export const nodeLedger = (
  url: string,
  fixed: { readonly fee?: string; readonly sequence?: number } = {},
): WalletLedger => {
  const node = new NodeClient(url)
  const ask = async (command: string, parameters: JsonObject = {}): Promise<JsonObject> => {
    const answer = await node.request(command, parameters)
    if (answer.answer === 'result') return answer.result
    const why = answer.answer === 'error' ? answer.error : answer.why
    throw new WalletError(`The ledger node did not answer ${command}: ${why}.`)
  }
  const readInfo = async () => objectAt(await ask('server_info'), 'info')

  return {
    url,
    readNetworkId: async () => numberAt(await readInfo(), 'network_id', 0),
    readState: async (account) => {
      const [info, owner] = await Promise.all([readInfo(), ask('account_info', { account, ledger_index: 'current' })])
      const validated = objectAt(info, 'validated_ledger')
      return {
        fee: fixed.fee ?? feeOf(numberAt(validated, 'base_fee_xrp'), numberAt(info, 'load_factor', 1)),
        sequence: fixed.sequence ?? numberAt(objectAt(owner, 'account_data'), 'Sequence'),
        ledgerIndex: numberAt(validated, 'seq'),
      }
    },
    submit: async (blob) => {
      const { engine_result: result } = await ask('submit', { tx_blob: blob })
      if (typeof result !== 'string') throw new WalletError('The ledger node did not say what came of the transaction.')
      return result
    },
    close: () => node.close(),
  }
}

/** @returns drops; rounded first, since base fees are fractions that floating point does not have */
const feeOf = (baseFeeXrp: number, loadFactor: number): string =>
  String(Math.min(Math.ceil(Math.round(baseFeeXrp * 1_000_000) * loadFactor), highestFee))

const objectAt = (object: JsonObject, key: string): JsonObject => {
  const value = object[key]
  return isJsonObject(value) ? value : {}
}

const numberAt = (object: JsonObject, key: string, otherwise?: number): number => {
  const value = object[key] ?? otherwise
  if (typeof value !== 'number') throw new WalletError(`The ledger node did not say its ${key}.`)
  return value
}
