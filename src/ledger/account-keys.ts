import { isJsonObject } from '../json.ts'
import type { LedgerNode } from './ledger-node.ts'

/** Which keys may speak for an account, as a ledger has it. */
export type AccountKeys =
  | { readonly known: true; readonly masterDisabled: boolean; readonly regularKey: string | null }
  /** The ledger has no such account; its master key is the only one it can have. */
  | { readonly known: false }

/** Source: xrpl.org, "AccountRoot" (lsfDisableMaster). */
const masterDisabledFlag = 0x0010_0000

/**
 * As of the last validated ledger: what consensus agreed on. The open one holds what a stranger's transaction may still
 * fail to change.
 *
 * @returns null when the node does not say in time
 */
export const readAccountKeys = async (node: LedgerNode, account: string): Promise<AccountKeys | null> => {
  const answer = await node.request('account_info', { account, ledger_index: 'validated' })
  if (answer.answer === 'error' && answer.error === 'actNotFound') return { known: false }
  const data = answer.answer === 'result' ? answer.result['account_data'] : null
  if (!isJsonObject(data) || data['Account'] !== account || typeof data['Flags'] !== 'number') return null
  const regularKey = typeof data['RegularKey'] === 'string' ? data['RegularKey'] : null
  return { known: true, masterDisabled: (data['Flags'] & masterDisabledFlag) !== 0, regularKey }
}
