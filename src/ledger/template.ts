import type { JsonObject } from '../json.ts'

/** `xrpl` and `xahau` number their transaction types and fields apart (45 is another type in each). */
export type LedgerFamily = 'xrpl' | 'xahau'

export type TemplateKind = 'transaction' | 'signIn' | 'paymentChannelAuthorize'

/** A transaction template that passed every check of `check-template.ts`. Never changes after that. */
export interface Template {
  readonly kind: TemplateKind
  /** `Payment`, `SignIn`, … as on the wire. */
  readonly transactionType: string
  /** Whose definitions encode it: those of the forced network, else XRPL's if they know its type and fields, else Xahau's. */
  readonly family: LedgerFamily
  /** The normalised JSON, its `TransactionType` included (also of pseudo types; no `SignIn: true`). */
  readonly json: JsonObject
}
