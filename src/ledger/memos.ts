import { isJsonObject, type Json, type JsonObject } from '../json.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
// eslint-disable-next-line no-control-regex -- what must not reach a terminal or a log line as it is
const controls = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]/

/** The text that the hex stands for; null where that is no UTF-8 or has control characters in it. */
export const textOfHex = (hex: string): string | null => {
  if (!/^(?:[0-9a-fA-F]{2})*$/.test(hex)) return null
  try {
    const text = utf8.decode(Buffer.from(hex, 'hex'))
    return controls.test(text) ? null : text
  } catch {
    return null
  }
}

const decodeMemo = (entry: Json): Json => {
  if (!isJsonObject(entry) || !isJsonObject(entry['Memo'])) return entry
  const fields = Object.entries(entry['Memo'])
  return {
    Memo: Object.fromEntries(
      fields.map(([name, hex]) => [name, typeof hex === 'string' ? (textOfHex(hex) ?? hex) : hex]),
    ),
  }
}

/** `Memos` of a transaction as the ledger has them, with MemoType, MemoData and MemoFormat in readable form; null when none. */
export const decodeMemos = (transaction: JsonObject): Json[] | null => {
  const memos = transaction['Memos']
  return Array.isArray(memos) && memos.length > 0 ? memos.map(decodeMemo) : null
}
