import { isDeepStrictEqual } from 'node:util'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import type { Template } from './template.ts'
import { isZeroAmount } from './value/amount.ts'

/** What a signature is held against, as far as its fields go. */
export interface MatchRequest {
  readonly template: Template
  readonly multisign: boolean
  readonly pathfinding: boolean
}

/** One field that was signed otherwise than it was asked for; undefined where it is absent. */
export interface Difference {
  readonly field: string
  readonly asked: Json | undefined
  readonly signed: Json | undefined
  /** All fields, in the codec's own form. */
  readonly template: JsonObject
  readonly transaction: JsonObject
  readonly request: MatchRequest
}

interface WalletChange {
  /** What the wallet does: "The wallet …". */
  readonly does: string
  readonly fields: readonly string[]
  /** Left out: in transactions of every type. */
  readonly types?: readonly string[]
  readonly allows: (difference: Difference) => boolean
}

const wasAbsent = ({ asked }: Difference): boolean => asked === undefined

/** In these the wallet leaves the account and the sequence as they are. */
const keepsAccount = ({ request: { multisign, template } }: Difference): boolean =>
  multisign || template.transactionType === 'Import'

const keepsEverySigner = ({ asked, signed }: Difference): boolean =>
  Array.isArray(signed) &&
  (asked === undefined ||
    (Array.isArray(asked) && asked.every((one) => signed.some((other) => isDeepStrictEqual(one, other)))))

const isNotLowered = ({ asked, signed }: Difference): boolean =>
  asked === undefined || (typeof asked === 'number' && typeof signed === 'number' && signed >= asked)

/** Source: xrpl.org, "Transaction Common Fields: Global Flags" and "Payment Flags". */
const fullyCanonical = 0x8000_0000
const partialPayment = 0x0002_0000

/** No flags are the same as none set. */
const flagsOf = (flags: Json | undefined): number => (typeof flags === 'number' ? flags : 0)

const addsAllowedFlags = ({ asked, signed, request: { template, pathfinding } }: Difference): boolean => {
  const addable = fullyCanonical | (pathfinding && template.transactionType === 'Payment' ? partialPayment : 0)
  return (flagsOf(asked) ^ flagsOf(signed)) >>> 0 === (flagsOf(signed) & ~flagsOf(asked) & addable) >>> 0
}

const isSameAsset = (one: Json, other: Json): boolean =>
  isJsonObject(one) && isJsonObject(other)
    ? isDeepStrictEqual({ ...one, value: '' }, { ...other, value: '' })
    : typeof one === typeof other

const isBlank = (asked: Json | undefined): boolean => asked === undefined || isZeroAmount(asked)

/** An amount left blank is the user's to enter; of the asset that was named, if one was. */
const fillsBlank = ({ asked, signed }: Difference): boolean =>
  signed !== undefined && isBlank(asked) && (asked === undefined || isSameAsset(asked, signed))

const cashAmounts = ['Amount', 'DeliverMin']

/** Where both are blank the user enters an amount, and the wallet puts it into one of them. */
const fillsOneBlank = ({ template, transaction }: Difference): boolean => {
  const asked = cashAmounts.flatMap((field) => template[field] ?? [])
  const entered = cashAmounts.flatMap((field) => transaction[field] ?? [])
  const [amount] = entered
  return amount !== undefined && entered.length === 1 && asked.every((one) => isBlank(one) && isSameAsset(one, amount))
}

/**
 * Everything a wallet may do to a template beside signing it as it is; anything else is not what was asked for. A change
 * is allowed by the first line that allows it.
 *
 * Source: CONTRACT section 3, check 4, after XRPL-Labs/Xaman-App: src/common/libs/ledger/mixin/Sign.mixin.ts,
 * src/screens/Modal/ReviewTransaction/ReviewTransactionModal.tsx (setSource) and Steps/Review/Templates/genuine/.
 */
export const walletChanges: readonly WalletChange[] = [
  { does: 'signs', fields: ['SigningPubKey', 'TxnSignature'], allows: wasAbsent },
  { does: 'adds its signature to those gathered so far', fields: ['Signers'], allows: keepsEverySigner },
  { does: 'fills in the account and its next sequence', fields: ['Account', 'Sequence'], allows: wasAbsent },
  {
    does: 'signs with the account that the user chose',
    fields: ['Account', 'Sequence'],
    allows: (one) => !keepsAccount(one),
  },
  { does: 'fills in what the network wants', fields: ['Fee', 'NetworkID', 'TicketSequence'], allows: wasAbsent },
  { does: 'lets a request live long enough to be submitted', fields: ['LastLedgerSequence'], allows: isNotLowered },
  { does: 'sets the flags that go with how it signs', fields: ['Flags'], allows: addsAllowedFlags },
  { does: 'asks how much to pay', types: ['Payment'], fields: ['Amount'], allows: fillsBlank },
  {
    does: 'finds a path, where it was asked to',
    types: ['Payment'],
    fields: ['SendMax', 'Paths', 'DeliverMin'],
    allows: ({ request }) => request.pathfinding,
  },
  { does: 'asks how much the check is good for', types: ['CheckCreate'], fields: ['SendMax'], allows: fillsBlank },
  { does: 'asks how much to cash', types: ['CheckCash'], fields: cashAmounts, allows: fillsOneBlank },
  {
    does: 'does not name the owner of a token who is the sender',
    types: ['NFTokenModify'],
    fields: ['Owner'],
    allows: ({ asked, signed, transaction }) => signed === undefined && asked === transaction['Account'],
  },
  {
    does: 'looks up the escrow',
    types: ['EscrowFinish', 'EscrowCancel'],
    fields: ['OfferSequence'],
    allows: wasAbsent,
  },
  { does: 'gives its own key', types: ['PaymentChannelCreate'], fields: ['PublicKey'], allows: wasAbsent },
]
