import type { Milliseconds } from '../clock.ts'

/** A moment in ISO 8601 with its offset from UTC; null for anything else, a day without a time included. */
export const readTime = (text: string): Milliseconds | null => {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/.test(text)) return null
  const time = Date.parse(text)
  return Number.isNaN(time) ? null : time
}
