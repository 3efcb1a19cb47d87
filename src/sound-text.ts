import { isJsonObject, type Json } from './json.ts'

/** False for text with U+0000 or a lone surrogate: no database column and no UTF-8 message carries it faithfully. */
export const isSoundText = (text: string): boolean => !text.includes('\0') && text.isWellFormed()

/** True when every string in the value is sound, keys included. The caller bounds the depth. */
export const hasSoundText = (value: Json): boolean => {
  if (typeof value === 'string') return isSoundText(value)
  if (Array.isArray(value)) return value.every(hasSoundText)
  if (isJsonObject(value)) return Object.entries(value).every(([key, held]) => isSoundText(key) && hasSoundText(held))
  return true
}
