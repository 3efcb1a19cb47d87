import type { Milliseconds } from '../clock.ts'

/**
 * How long a receiver asks to be left alone: given as whole seconds, or as a date. 0 for anything else, and for what is
 * over. Source: RFC 9110, section 10.2.3; of the three forms of a date the one that may still be sent.
 */
export const readRetryAfter = (header: string | null, now: Milliseconds): Milliseconds => {
  if (header === null) return 0
  if (/^\d{1,10}$/.test(header)) return Number(header) * 1000
  if (!/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(header)) return 0
  const date = Date.parse(header)
  return Number.isNaN(date) ? 0 : Math.max(0, date - now)
}
