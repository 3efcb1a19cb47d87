import type { Milliseconds } from '../clock.ts'

/**
 * When a receiver asks to be tried again: whole seconds from now, or a date. Null for anything else. Source: RFC 9110,
 * section 10.2.3; of the three forms of a date only the one that may still be sent.
 */
export const readRetryAfter = (header: string, now: Milliseconds): Milliseconds | null => {
  const text = header.trim()
  if (/^\d{1,10}$/.test(text)) return now + Number(text) * 1000
  if (!/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text)) return null
  const date = Date.parse(text)
  return Number.isNaN(date) ? null : date
}
