/** What a transaction needs to know of the ledger it is for. */
export interface LedgerState {
  /** Drops. */
  readonly fee: string
  /** The account's next. */
  readonly sequence: number
  /** The last validated ledger; null when it is not known, and then no LastLedgerSequence is set. */
  readonly ledgerIndex: number | null
}

/** Where a wallet learns what it fills in, and submits what it signed. */
export interface WalletLedger {
  /** As the wallet tells the server. */
  readonly url: string
  /** Null where there is no ledger that would be one network or another. */
  readNetworkId(): Promise<number | null>
  readState(account: string): Promise<LedgerState>
  /** @returns what the ledger answered, `tesSUCCESS` or what else; null when there is nothing to say */
  submit(blob: string): Promise<string | null>
  close(): void
}

export interface OfflineLedgerOptions {
  /** Drops; 12 when left out. */
  readonly fee?: string
  /** Of the next transaction, raised with each; 1 when left out. */
  readonly sequence?: number
  readonly ledgerIndex?: number
  /** What it pretends the ledger answered; left out: nothing is submitted and nothing is said. */
  readonly dispatchedResult?: string
}

/** No ledger at all: everything is as the caller says. */
export const offlineLedger = (options: OfflineLedgerOptions): WalletLedger => {
  let sequence = options.sequence ?? 1
  return {
    // what the real wallet says when it does not know: XRPL-Labs/Xaman-App, ReviewTransactionModal.tsx (submit)
    url: 'UNKNOWN NODE',
    readNetworkId: () => Promise.resolve(null),
    readState: () =>
      Promise.resolve({ fee: options.fee ?? '12', sequence: sequence++, ledgerIndex: options.ledgerIndex ?? null }),
    submit: () => Promise.resolve(options.dispatchedResult ?? null),
    close: () => undefined,
  }
}
