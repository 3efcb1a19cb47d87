import { readTime } from '../admin-api/time.ts'
import type { Milliseconds } from '../clock.ts'
import { CommandFailure } from './output.ts'

const units: Readonly<Record<string, Milliseconds>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** A moment as people say it: how long ago (`90s`, `30m`, `2h`, `3d`), or in ISO 8601 with its offset. */
export const readSince = (flag: string, text: string, now: Milliseconds): Milliseconds => {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? []
  if (count !== undefined && unit !== undefined) return now - Number(count) * units[unit]!
  const time = readTime(text)
  if (time === null) {
    throw new CommandFailure(
      `${flag} must be how long ago, such as 30m, 2h or 3d, or a time such as 2026-01-31T12:00:00Z`,
    )
  }
  return time
}
