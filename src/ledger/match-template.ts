import { isDeepStrictEqual } from 'node:util'
import { refuse, type Refusal } from '../refusals.ts'
import type { DecodedTransaction } from './decode.ts'
import { roundTrip } from './encode-faithfully.ts'
import { withoutType } from './template-fields.ts'
import { walletChanges, type Difference, type MatchRequest } from './wallet-changes.ts'

declare const matching: unique symbol

/** A transaction that is the one that was asked for. Whether its signatures hold is another question. */
export interface MatchingTransaction extends DecodedTransaction {
  readonly [matching]: true
}

/**
 * Check 4: the transaction is the template, field by field, but for what wallets do (`wallet-changes.ts`). Refuses with a
 * sentence that names the first field that is not.
 *
 * Both sides are compared as the codec decodes them, so 1.50 and 1.5, or hex in either case, are the same. A pseudo type
 * is no field of what is signed; a SignIn signed with a TransactionType would be a real transaction, and is refused.
 *
 * @param decoded by the definitions of the template's family
 */
export const matchTemplate = (decoded: DecodedTransaction, request: MatchRequest): MatchingTransaction | Refusal => {
  const { kind, json, family } = request.template
  const template = roundTrip(kind === 'transaction' ? json : withoutType(json), family)
  if (template === null) return refuse('templateMismatch')
  const transaction = decoded.json
  const differences = Object.keys({ ...template, ...transaction })
    .map((field): Difference => ({
      field,
      asked: template[field],
      signed: transaction[field],
      template,
      transaction,
      request,
    }))
    .filter(({ asked, signed }) => !isDeepStrictEqual(asked, signed))
  const forbidden = differences.find((difference) => !isWalletChange(difference))
  return forbidden === undefined ? (decoded as MatchingTransaction) : refuse('templateMismatch', sentenceFor(forbidden))
}

const isWalletChange = (difference: Difference): boolean =>
  walletChanges.some(
    ({ fields, types, allows }) =>
      fields.includes(difference.field) &&
      (types?.includes(difference.request.template.transactionType) ?? true) &&
      allows(difference),
  )

const sentenceFor = ({ field, asked, signed }: Difference): string => {
  if (asked === undefined) return `${field} was signed and not asked for.`
  return signed === undefined ? `${field} was asked for and not signed.` : `${field} is not what was asked for.`
}
