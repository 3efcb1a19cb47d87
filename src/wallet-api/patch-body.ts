import Type, { type Static } from 'typebox'
import { signMethods, type SignMethod } from '../ledger/submission.ts'
import { payloadOrigins, type PayloadOrigin } from '../payload/payload.ts'
import type { ReportedDispatch, WalletAction } from '../payload/payloads.ts'
import { refuse, type Refusal } from '../refusals.ts'

/** In characters, of what a wallet may say about where it was and what the ledger answered. */
export const reportLimit = 200

/** In characters; what is over is cut off, since the real wallet puts in whatever error it met. */
export const rejectReasonLimit = 1000

const text = () => Type.Optional(Type.String())
const report = () => Type.Optional(Type.String({ maxLength: reportLimit }))

/**
 * What a wallet sends by PATCH. Values that we do not know are no reason to lose a signature: the real wallet never
 * repeats what it sent. Values of another type than it sends are refused.
 * Source: XRPL-Labs/Xaman-App, src/common/libs/payload/types.ts and object.ts (patch, reject).
 */
export const PatchBody = Type.Object({
  signed_blob: text(),
  tx_id: Type.Optional(Type.Unknown()),
  signmethod: text(),
  signpubkey: Type.Optional(Type.String({ maxLength: 200 })),
  multisigned: Type.Optional(Type.Unknown()),
  permission: Type.Optional(Type.Object({ push: Type.Optional(Type.Boolean()), days: Type.Optional(Type.Number()) })),
  origintype: text(),
  environment: Type.Optional(Type.Object({ nodeuri: report(), nodetype: report() })),
  dispatched: Type.Optional(Type.Object({ to: report(), nodetype: report(), result: report() })),
  reject: Type.Optional(Type.Boolean()),
  reject_initiator: text(),
  reject_reason: text(),
  pre_signed: Type.Optional(Type.Boolean()),
})
type PatchBody = Static<typeof PatchBody>

/** Anything but what the wallet knows counts as `UNKNOWN`. */
export const readOrigin = (value: unknown): PayloadOrigin =>
  payloadOrigins.find((origin) => origin === value) ?? 'UNKNOWN'

/**
 * What the wallet wants. A signature or a rejection says more than a report, and a report more than the word that signing
 * began; both of the first are none. Refuses with `notAResolution`, `transactionIdMissing` or `multisignedInvalid`.
 */
export const readWalletAction = (body: PatchBody): WalletAction | Refusal => {
  if (body.reject === true) return readReject(body)
  if (body.signed_blob !== undefined) return readSign(body)
  const dispatched = readDispatched(body)
  if (dispatched !== null) return { kind: 'dispatched', report: dispatched }
  return body.pre_signed === true ? { kind: 'preSigned' } : refuse('notAResolution')
}

const readReject = (body: PatchBody): WalletAction | Refusal => {
  if (body.signed_blob !== undefined) return refuse('notAResolution', 'The body both signs and rejects.')
  const initiator = body.reject_initiator
  return {
    kind: 'reject',
    initiator: initiator === 'USER' || initiator === 'APP' ? initiator : null,
    reason: body.reject_reason === undefined ? null : cut(body.reject_reason),
  }
}

const readSign = (body: PatchBody): WalletAction | Refusal => {
  if (!body.signed_blob) return refuse('notAResolution')
  const txid = textOf(body.tx_id)
  if (txid === undefined) return refuse('transactionIdMissing')
  const multisigned = textOf(body.multisigned)
  if (multisigned === undefined) return refuse('multisignedInvalid')
  return {
    kind: 'sign',
    submission: {
      signedBlob: body.signed_blob,
      txid,
      signMethod: readSignMethod(body.signmethod),
      signerPublicKey: textOf(body.signpubkey) ?? null,
      multisigned,
      nodeUri: body.environment?.nodeuri ?? null,
      nodeType: body.environment?.nodetype ?? null,
    },
    grantPush: body.permission?.push === true,
    dispatched: readDispatched(body),
  }
}

/** Null when it is absent or empty, undefined when it is no text. */
const textOf = (value: unknown): string | null | undefined => {
  if (value === undefined || value === '') return null
  return typeof value === 'string' ? value : undefined
}

const readSignMethod = (value: string | undefined): SignMethod | null =>
  value ? (signMethods.find((method) => method === value) ?? 'OTHER') : null

/** A report that says nothing is none: the first one counts. */
const readDispatched = ({ dispatched }: PatchBody): ReportedDispatch | null => {
  if (dispatched === undefined) return null
  const { to = null, nodetype = null, result = null } = dispatched
  return to === null && nodetype === null && result === null ? null : { to, nodeType: nodetype, result }
}

/** By code points, so that no character is halved. */
const cut = (reason: string): string => Array.from(reason).slice(0, rejectReasonLimit).join('')
