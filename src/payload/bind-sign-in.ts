import type { Json } from '../json.ts'
import type { Template } from '../ledger/template.ts'

const hexOf = (text: string): string => Buffer.from(text, 'utf8').toString('hex').toUpperCase()

/**
 * A SignIn bound to its payload by a memo. Two signatures of the same plain SignIn are byte for byte the same, so whoever
 * sees one could hand it in elsewhere; this one is worth nothing for another payload. Source: CONTRACT section 2.
 */
export const bindSignIn = (template: Template, payloadId: string): Template => {
  if (template.kind !== 'signIn') return template
  const memo: Json = { Memo: { MemoType: hexOf('countersign/payload'), MemoData: hexOf(payloadId) } }
  const memos = Array.isArray(template.json['Memos']) ? template.json['Memos'] : []
  return { ...template, json: { ...template.json, Memos: [...memos, memo] } }
}
