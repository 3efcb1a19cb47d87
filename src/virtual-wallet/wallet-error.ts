/** The wallet does not go on; the message says why in one sentence. */
export class WalletError extends Error {
  override readonly name: string = 'WalletError'
}

/** The server said no, or answered something that is no answer of the wallet API. */
export class WalletApiError extends WalletError {
  override readonly name = 'WalletApiError'
  /** The number of the refusal (CONTRACT section 3), or the HTTP status where there is none. */
  readonly code: number
  /** Finds the call in the server's log; null when the server gave none. */
  readonly reference: string | null

  constructor(message: string, code: number, reference: string | null = null) {
    super(message)
    this.code = code
    this.reference = reference
  }
}
