/**
 * What Xahau has gained since the definitions of `@transia/ripple-binary-codec` 1.4.6 were written: remarks on ledger
 * objects, scheduled hooks, clawback, and finer settings of a hook.
 *
 * Source: Xahau/xahaud, include/xrpl/protocol/detail/transactions.macro and sfields.macro.
 */
export const newerXahauTransactionTypes = { Clawback: 30, Cron: 92, CronSet: 93, SetRemarks: 94 }

type Layout = { nth: number; isVLEncoded: boolean; isSerialized: boolean; isSigningField: boolean; type: string }

const variableLength = ['Blob', 'AccountID', 'Vector256']

const field = (name: string, type: string, nth: number): [string, Layout] => [
  name,
  { nth, isVLEncoded: variableLength.includes(type), isSerialized: true, isSigningField: true, type },
]

export const newerXahauFields = [
  field('HookStateScale', 'UInt16', 21),
  field('StartTime', 'UInt32', 93),
  field('RepeatCount', 'UInt32', 94),
  field('DelaySeconds', 'UInt32', 95),
  field('TouchCount', 'UInt64', 97),
  field('ObjectID', 'Hash256', 14),
  field('HookOnOutgoing', 'Hash256', 93),
  field('HookOnIncoming', 'Hash256', 94),
  field('Cron', 'Hash256', 95),
  field('HookCanEmit', 'Hash256', 96),
  field('HookName', 'Blob', 97),
  field('RemarkValue', 'Blob', 98),
  field('RemarkName', 'Blob', 99),
  field('Holder', 'AccountID', 11),
  field('Remark', 'STObject', 97),
  field('Remarks', 'STArray', 97),
]
