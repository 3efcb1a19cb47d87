import type { JsonObject } from '../json.ts'
import type { LedgerState } from './wallet-ledger.ts'

/** What a wallet knows when it is about to sign. */
export interface SigningContext extends LedgerState {
  /** The account it signs for; with its own key, or with one that is the account's regular key. */
  readonly account: string
  /** Transactions of networks above 1024 carry it. */
  readonly networkId: number
}

/** How many ledgers a transaction is good for. Source: as for `fillIn`. */
const lifetimeInLedgers = 20

/** A LastLedgerSequence below this is meant from the ledger at signing time on. Source: as for `fillIn`. */
const firstAbsoluteLedger = 32_570

/**
 * A template with what the wallet fills in before it signs alone.
 * Source: XRPL-Labs/Xaman-App, src/common/libs/ledger/mixin/Sign.mixin.ts (prepare, populateFields) and
 * src/screens/Modal/ReviewTransaction/ReviewTransactionModal.tsx (setSource).
 */
export const fillIn = (template: JsonObject, publicKey: string, context: SigningContext): JsonObject => {
  const { account, fee, sequence, networkId } = context
  const type = template['TransactionType']
  return {
    Fee: fee,
    Sequence: 'TicketSequence' in template ? 0 : sequence,
    ...(networkId > 1024 ? { NetworkID: networkId } : {}),
    ...(type === 'PaymentChannelCreate' ? { PublicKey: publicKey } : {}),
    ...template,
    ...(type === 'Import' && 'Account' in template ? {} : { Account: account }),
    // signatures of others in a batch may already cover it
    ...(type === 'Batch' ? {} : lastLedgerSequence(template, context)),
  }
}

/** In a multisignature the account and what belongs to it are the application's to set. Source: the same. */
export const fillInForMultisign = (template: JsonObject, { account, fee }: SigningContext): JsonObject => ({
  Fee: fee,
  Account: account,
  ...template,
})

const lastLedgerSequence = (template: JsonObject, { ledgerIndex }: SigningContext): JsonObject => {
  if (ledgerIndex === null) return {}
  const { LastLedgerSequence: asked } = template
  const relative = typeof asked === 'number' && asked < firstAbsoluteLedger
  const atLeast = ledgerIndex + lifetimeInLedgers
  if (relative) return { LastLedgerSequence: ledgerIndex + asked }
  return { LastLedgerSequence: typeof asked === 'number' ? Math.max(asked, atLeast) : atLeast }
}
