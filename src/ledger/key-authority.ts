import { readAccountKeys } from './account-keys.ts'
import type { SpeakingKey } from './held-signature.ts'
import type { LedgerNode } from './ledger-node.ts'
import { addressOf } from './public-key.ts'

export type Authority =
  | { readonly authority: 'confirmed' }
  /** `why` is a sentence for whoever debugs. */
  | { readonly authority: 'refused'; readonly why: string }
  | { readonly authority: 'unanswered'; readonly account: string }

const confirmed: Authority = { authority: 'confirmed' }
const refused = (why: string): Authority => ({ authority: 'refused', why })

/**
 * Check 3: may this key speak for its account? Its master key may, unless a node says that it is disabled; another key
 * when a node confirms it as the regular key. Without a node nobody can confirm or disable one.
 * Source: CONTRACT section 3; xrpl.org, "Cryptographic Keys"; rippled, Transactor.cpp (checkSingleSign).
 *
 * @param node of the network it is meant for; null when none is configured
 * @param allowUnconfirmed the operator's choice to accept any key but a disabled master key, without asking
 */
export const authorityOf = async (
  key: SpeakingKey,
  node: LedgerNode | null,
  allowUnconfirmed: boolean,
): Promise<Authority> => {
  const { account } = key
  const address = addressOf(key.publicKey)
  const isMaster = address === account
  if (!isMaster && allowUnconfirmed) return confirmed
  if (node === null)
    return isMaster ? confirmed : refused(`No ledger node could confirm the key that signed for ${account}.`)

  const keys = await readAccountKeys(node, account)
  if (keys === null) return { authority: 'unanswered', account }
  if (isMaster) {
    return keys.known && keys.masterDisabled ? refused(`The master key of ${account} is disabled.`) : confirmed
  }
  return keys.known && keys.regularKey === address
    ? confirmed
    : refused(`The key that signed is not one of ${account}.`)
}

/** The same for every key of a signature: one that is refused decides, then one that is unanswered. */
export const jointAuthority = async (
  keys: readonly SpeakingKey[],
  node: LedgerNode | null,
  allowUnconfirmed: boolean,
): Promise<Authority> => {
  const all = await Promise.all(keys.map((key) => authorityOf(key, node, allowUnconfirmed)))
  const worst = (which: Authority['authority']) => all.find((one) => one.authority === which)
  return worst('refused') ?? worst('unanswered') ?? confirmed
}
